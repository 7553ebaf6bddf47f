"""Libraries that only some kinds of files need, and that not every installation has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.configuration.extras import install_command
from bot.errors import FileUnreadable
from bot.translation import gettext


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Import what the extra `name` brings in this block. Raises FileUnreadable, which says what to install."""
    try:
        yield
    except ImportError as error:
        raise FileUnreadable(
            gettext(
                "I can't read such files yet ({name} is not installed): {command}",
                name=error.name,
                command=install_command(name),
            )
        ) from error
