"""The look of every list that a command prints: columns without lines, which a narrow terminal still shows."""

from __future__ import annotations

from typing import Literal

from rich.markup import escape
from rich.table import Table

from bot.commands.terminal import printable
from bot.translation import gettext

_NUMBERS = frozenset({"id", "passages", "messages", "embedded", "people"})


def listing(*columns: str, whole: str = "id") -> Table:
    """Return an empty table with these columns; those that hold numbers stand to the right.

    The column `whole` is never broken, and nothing is cut: what is shown may have to be copied.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in columns:
        justify: Literal["left", "right"] = "right" if name in _NUMBERS else "left"
        table.add_column(gettext(name), justify=justify, no_wrap=name == whole, overflow="fold")
    return table


def cell(text: str) -> str:
    """Return a text from outside for a table: neither markup nor what would steer the terminal has effect."""
    return escape(printable(text))
