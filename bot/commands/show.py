"""How commands show times and sources."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.commands.terminal import printable
from bot.events import Source
from bot.translation import format_moment


def when(moment: datetime, zone: tzinfo) -> str:
    """Return a time as people read it: "3 May 2024 21:14"."""
    return format_moment(moment.astimezone(zone))


def source_line(source: Source, zone: tzinfo) -> str:
    """Return a source as a line: "[1] Mara, 3 May 2024 21:14, Lisbon trip"."""
    parts = [source.author, source.locator, when(source.said_at, zone), source.conversation, source.link]
    return printable(f"[{source.n}] {', '.join(part for part in parts if part)}")
