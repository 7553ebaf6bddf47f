"""Keeps the marks of messages of imports that were forgotten; see `memory.forgetting.marks`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from memory.forgetting.marks import FILES, leaves_no_mark, make_mark, name_minute
from memory.postgres.connection import Connection
from memory.records import Selection

_MESSAGES = """
SELECT c.platform, c.external_id, coalesce(c.owner_id, 0), p.event_id, p.said_at, p.author FROM passages AS p
JOIN conversations AS c ON c.id = p.conversation_id
WHERE p.id = ANY($1::bigint[]) AND p.event_id IS NOT NULL AND p.document_id IS NULL
  AND EXISTS (SELECT 1 FROM import_ranges AS r WHERE p.id BETWEEN r.first_id AND r.last_id)
"""
_SOURCES_OF_FILES = """
SELECT DISTINCT c.platform, c.external_id, coalesce(c.owner_id, 0), s.event_id FROM passages AS p
JOIN evidence AS e ON e.passage_id = p.id JOIN passages AS s ON s.id = e.source_id
JOIN conversations AS c ON c.id = s.conversation_id
WHERE p.id = ANY($1::bigint[]) AND p.document_id IS NOT NULL AND s.event_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM import_ranges AS r WHERE s.id BETWEEN r.first_id AND r.last_id)
"""


async def note_forgotten(connection: Connection, selection: Selection, doomed: Sequence[int]) -> None:
    """Mark what of an import is about to be forgotten, messages and files of messages. Run before it goes."""
    if leaves_no_mark(selection):
        return
    ids = list(doomed)
    marks = [mark async for mark in _marks(connection, _MESSAGES, ids, "")]
    marks += [mark async for mark in _marks(connection, _SOURCES_OF_FILES, ids, FILES)]
    await connection.execute_many(
        "INSERT INTO forgotten VALUES ($1) ON CONFLICT DO NOTHING", [(mark,) for mark in marks]
    )


async def find_forgotten(
    connection: Connection, conversation_id: int, event_ids: Iterable[str], *, files: bool = False
) -> set[str]:
    """Return which of these messages (or with `files`, whose files) the owner has forgotten in this conversation."""
    place = await connection.fetch(
        """SELECT platform, external_id, coalesce(owner_id, 0) FROM conversations
           WHERE id = $1 AND EXISTS (SELECT 1 FROM forgotten)""",
        conversation_id,
    )
    if not place:
        return set()
    key = await _key(connection)
    by_mark = {make_mark(key, [*place[0], event, FILES if files else ""]): event for event in event_ids}
    known = await connection.fetch("SELECT mark FROM forgotten WHERE mark = ANY($1::bytea[])", list(by_mark))
    return {by_mark[bytes(row[0])] for row in known}


async def _marks(connection: Connection, sql: str, ids: list[int], what: str) -> AsyncIterator[bytes]:
    key = await _key(connection)
    for row in await connection.fetch(sql, ids):
        place, event, said = row[:3], row[3], row[4:]
        yield make_mark(key, [*place, event, what])
        if said:
            yield make_mark(key, [*place, name_minute(*said), what])


async def _key(connection: Connection) -> bytes:
    return bytes(await connection.fetch_value("SELECT key FROM forgotten_key"))
