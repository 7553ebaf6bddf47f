"""Remembers, without a word of them, which messages of imports were forgotten, so that none of them comes back.

A mark is a keyed hash of a message's id in its conversation, eight bytes long; the key is the database's own. Undoing
an import, and forgetting a whole conversation, leave none: who imports that again means it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import aiosqlite

from memory.records import Selection

_SIZE = 8
_AT_ONCE = 500
_FILES = "files"

_MESSAGES = """
SELECT c.platform, c.external_id, coalesce(c.owner_id, 0), p.event_id FROM passages AS p
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
    if selection.import_id is not None or _is_whole(selection):
        return
    ids = json.dumps(doomed)
    marks = [mark async for mark in _marks(connection, _MESSAGES, ids, "")]
    marks += [mark async for mark in _marks(connection, _SOURCES_OF_FILES, ids, _FILES)]
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
    by_mark = {_mark(key, [*row, event, _FILES if files else ""]): event for event in event_ids}
    marks = list(by_mark)
    found: set[str] = set()
    for start in range(0, len(marks), _AT_ONCE):
        some = marks[start : start + _AT_ONCE]
        known: Iterable[Any] = await connection.execute_fetchall(
            f"SELECT mark FROM forgotten WHERE mark IN ({', '.join('?' * len(some))})", some
        )
        found.update(by_mark[bytes(row[0])] for row in known)
    return found


def _is_whole(selection: Selection) -> bool:
    """Tell whether whole conversations are forgotten, and not some of what was said in them."""
    return not any(
        (selection.passage_ids, selection.matching, selection.person, selection.since, selection.until,
         selection.document_ids, selection.event_prefix)
    )  # fmt: skip


async def _marks(connection: aiosqlite.Connection, sql: str, ids: str, what: str) -> AsyncIterator[bytes]:
    key = await _key(connection)
    for row in await connection.execute_fetchall(sql, [ids]):
        yield _mark(key, [*row, what])


async def _key(connection: aiosqlite.Connection) -> bytes:
    rows: Iterable[Any] = await connection.execute_fetchall("SELECT key FROM forgotten_key")
    return bytes(next(iter(rows))[0])


def _mark(key: bytes, parts: Sequence[object]) -> bytes:
    return hashlib.blake2b("\0".join(map(str, parts)).encode("utf-8", "replace"), key=key, digest_size=_SIZE).digest()
