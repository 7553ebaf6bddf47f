"""The look of every list that a command prints: columns without lines, which a narrow terminal still shows."""

from __future__ import annotations

from rich.table import Table

from bot.translation import gettext

_NUMBERS = frozenset({"id", "passages", "messages", "embedded", "people"})


def listing(*columns: str) -> Table:
    """Return an empty table with these columns; those that hold numbers stand to the right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in columns:
        table.add_column(gettext(name), justify="right" if name in _NUMBERS else "left", no_wrap=name == "id")
    return table
