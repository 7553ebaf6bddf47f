"""What the memory's tests say, and how they look at what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from memory import ConversationRecord, Entry, Memory, Scope, Selection
from memory.sqlite.database import connect

START = datetime(2024, 5, 3, 12, tzinfo=UTC)
EVERYTHING = Selection(everything=True)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def said(text: str, minutes: float = 0, author: str = "Mara", **more: Any) -> Entry:
    return Entry(text, at(minutes), author, **more)


async def add(memory: Memory, place: ConversationRecord, *entries: Entry) -> list[int]:
    return [stored.id for stored in await memory.passages.add(place, entries)]


async def texts(memory: Memory, scope: Scope | None = None) -> list[str]:
    found = await memory.passages.select(scope or Scope.all(), EVERYTHING, limit=10_000, newest_first=False)
    return [passage.text for passage in found]


async def found(memory: Memory, question: str, scope: Scope | None = None, **more: Any) -> list[str]:
    recollections = await memory.recall(question, scope or Scope.all(), now=at(10_000), **more)
    return [each.passage.text for each in recollections]


async def found_by_words(memory: Memory, question: str) -> list[str]:
    """What has words of the question itself, whatever meaning and neighbours say."""
    recollections = await memory.recall(question, Scope.all(), now=at(10_000), limit=100)
    return [each.passage.text for each in recollections if "words" in each.parts]


def rows(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Read the database's file beside the memory, as it is committed."""
    connection = connect(path, read_only=True)
    try:
        return [tuple(row) for row in connection.execute(sql, values)]
    finally:
        connection.close()


def bytes_on_disk(path: Path) -> bytes:
    """All that lies in the database's file and beside it."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")) if "-shm" not in file.name)
