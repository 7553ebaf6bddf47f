"""Makes one sentence of whatever a library raises over a damaged file."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from bot.errors import FileUnreadable
from bot.reading import ReadItem
from bot.translation import gettext

Options = TypeVar("Options")
Read = Callable[[Path, Options], Iterator[ReadItem]]


def raise_only_unreadable(what: str) -> Callable[[Read[Options]], Read[Options]]:
    """Let a reader raise only FileUnreadable (and MemoryError): a file of strangers can bring a library to anything.

    `what` is the kind of file, as in "report.docx is damaged: it can't be read as a Word document".
    """

    def mark(read: Read[Options]) -> Read[Options]:
        @functools.wraps(read)
        def reading(path: Path, options: Options) -> Iterator[ReadItem]:
            try:
                yield from read(path, options)
            except (FileUnreadable, MemoryError, GeneratorExit, KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # what a library in Rust panics with is no Exception
                reason = gettext(
                    "{name} is damaged: it can't be read as {what} ({error}).",
                    name=path.name,
                    what=gettext(what),
                    error=type(error).__name__,
                )
                raise FileUnreadable(reason) from error

        return reading

    return mark
