"""How commands show things: tables and sources for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, ProgressColumn

from bot.commands.listing import listing
from bot.commands.terminal import printable
from bot.events import Source
from bot.translation import format_moment
from memory import Passage

SHORT = 200


def progress(*columns: ProgressColumn) -> Progress:
    """Return a progress display on stderr, which shows itself only on a terminal."""
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=not console.is_terminal)


def when(moment: datetime, zone: tzinfo) -> str:
    """Return a time as people read it: "3 May 2024 21:14"."""
    return format_moment(moment.astimezone(zone))


def passage_record(passage: Passage) -> dict[str, object]:
    """Return a passage as programs get it."""
    return {
        "id": passage.id,
        "text": passage.text,
        "author": passage.author,
        "said_at": passage.said_at.isoformat(),
        "conversation": passage.conversation.title,
        "conversation_id": passage.conversation.id,
        "kind": passage.kind,
        "link": passage.link,
        "key": passage.key,
        "valid_to": None if passage.valid_to is None else passage.valid_to.isoformat(),
    }


def cell(text: str) -> str:
    """Return a text from outside for a table: neither markup nor what would steer the terminal has effect."""
    return escape(printable(text))


def print_passages(passages: Iterable[Passage], zone: tzinfo) -> None:
    """Print passages as a table, each with the id that `forget` takes."""
    table = listing("id", "when", "who", "what", "where")
    for passage in passages:
        who, where = passage.author, passage.conversation.title
        cells = (str(passage.id), when(passage.said_at, zone), who, _what(passage, zone), where)
        table.add_row(*map(cell, cells))
    Console(highlight=False).print(table)


def _what(passage: Passage, zone: tzinfo) -> str:
    """Return a passage's text, shortened; that of a fact with what it is about, and until when it held."""
    text = passage.keyed_text
    short = text if len(text) <= SHORT else f"{text[:SHORT]}…"
    return short if passage.valid_to is None else f"{short} (until {when(passage.valid_to, zone)})"


def source_line(source: Source, zone: tzinfo) -> str:
    """Return a source as a line: "[1] Mara, 3 May 2024 21:14, Lisbon trip"."""
    parts = [source.author, source.locator, when(source.said_at, zone), source.conversation, source.link]
    return printable(f"[{source.n}] {', '.join(part for part in parts if part)}")
