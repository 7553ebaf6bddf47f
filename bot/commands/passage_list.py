"""How commands show passages: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from rich.console import Console

from bot.commands.listing import cell, listing
from bot.commands.show import when
from memory import Passage

SHORT = 200


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
