"""Keeps the marks of messages of imports that were forgotten; see `memory.forgetting.marks`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import aiosqlite

from memory.forgetting.marks import FILES, leaves_no_mark, make_mark, name_minute
from memory.records import Selection

_AT_ONCE = 500

_MESSAGES = """
SELECT c.platform, c.external_id, coalesce(c.owner_id, 0), p.event_id, p.said_at, p.author FROM passages AS p
JOIN conversations AS c ON c.id = p.conversation_id
WHERE p.id IN (SELECT value FROM json_each(?)) AND p.event_id IS NOT NULL AND p.document_id IS NULL
  AND EXISTS (SELECT 1 FROM import_ranges AS r WHERE p.id BETWEEN r.first_id AND r.last_id)
"""
_SOURCES_OF_FILES = """
SELECT DISTINCT c.platform, c.external_id, coalesce(c.owner_id, 0), s.event_id FROM passages AS p
JOIN evidence AS e ON e.passage_id = p.id JOIN passages AS s ON s.id = e.source_id
JOIN conversations AS c ON c.id = s.conversation_id
WHERE p.id IN (SELECT value FROM json_each(?)) AND p.document_id IS NOT NULL AND s.event_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM import_ranges AS r WHERE s.id BETWEEN r.first_id AND r.last_id)
"""


async def note_forgotten(connection: aiosqlite.Connection, selection: Selection, doomed: Sequence[int]) -> None:
    """Mark what of an import is about to be forgotten, messages and files of messages. Run before it goes."""
    if leaves_no_mark(selection):
        return
    ids = json.dumps(doomed)
    marks = [mark async for mark in _marks(connection, _MESSAGES, ids, "")]
    marks += [mark async for mark in _marks(connection, _SOURCES_OF_FILES, ids, FILES)]
    await connection.executemany("INSERT OR IGNORE INTO forgotten VALUES (?)", [(mark,) for mark in marks])


async def find_forgotten(
    connection: aiosqlite.Connection, conversation_id: int, event_ids: Iterable[str], *, files: bool = False
) -> set[str]:
    """Return which of these messages (or with `files`, whose files) the owner has forgotten in this conversation."""
    rows: Iterable[Any] = await connection.execute_fetchall("SELECT EXISTS (SELECT 1 FROM forgotten)")
    if not next(iter(rows))[0]:
        return set()
    place: Iterable[Any] = await connection.execute_fetchall(
        "SELECT platform, external_id, coalesce(owner_id, 0) FROM conversations WHERE id = ?", [conversation_id]
    )
    row = next(iter(place), None)
    if row is None:
        return set()
    key = await _key(connection)
    by_mark = {make_mark(key, [*row, event, FILES if files else ""]): event for event in event_ids}
    marks = list(by_mark)
    found: set[str] = set()
    for start in range(0, len(marks), _AT_ONCE):
        some = marks[start : start + _AT_ONCE]
        known: Iterable[Any] = await connection.execute_fetchall(
            f"SELECT mark FROM forgotten WHERE mark IN ({', '.join('?' * len(some))})", some
        )
        found.update(by_mark[bytes(row[0])] for row in known)
    return found


async def _marks(connection: aiosqlite.Connection, sql: str, ids: str, what: str) -> AsyncIterator[bytes]:
    key = await _key(connection)
    for row in await connection.execute_fetchall(sql, [ids]):
        place, event, said = row[:3], row[3], row[4:]
        yield make_mark(key, [*place, event, what])
        if said:
            yield make_mark(key, [*place, name_minute(*said), what])


async def _key(connection: aiosqlite.Connection) -> bytes:
    rows: Iterable[Any] = await connection.execute_fetchall("SELECT key FROM forgotten_key")
    return bytes(next(iter(rows))[0])
