"""Reads plain text, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.reading import Progress, ReadItem
from bot.translation import gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import lines_of
from plugins.text.lines import pack_paragraphs, paragraphs
from plugins.text.options import TextOptions


@raise_only_unreadable(gettext_noop("text"))
def read_plain(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield the paragraphs of a text, each piece with its lines."""
    last = 0

    def count_lines() -> Iterator[tuple[int, str]]:
        nonlocal last
        for number, line in lines_of(path):
            last = number
            yield number, line

    yield from pack_paragraphs(paragraphs(count_lines()))
    yield Progress(last, last, "lines")
