"""The imports facet: which passages came with which import, so that an import can be listed and undone whole.

The new passages of a batch get consecutive ids in one transaction, and ids are never given twice, so ranges of
ids are enough: an import of a million messages is a few hundred rows, and nothing is added to a passage.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

from memory.forgetting.marks import ids_of
from memory.records import ConversationRecord, Entry, Import, PersonRecord, Scope, Stored
from memory.sqlite.forgotten import find_forgotten
from memory.sqlite.insert import insert as add
from memory.sqlite.rows import in_scope
from memory.sqlite.store import Store
from memory.timestamps import moment


class SqliteImports:
    """Keeps imports with the ranges of passage ids that they brought; see `memory.engine.ImportStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def begin(self, owner: PersonRecord, source: str) -> int:
        """Return the id under which an import is remembered; one of the same source that broke off goes on."""

        async def write(connection: aiosqlite.Connection) -> int:
            row = await _first(connection, _UNENDED, [owner.id, source])
            return row or await _first(connection, _BEGIN, [owner.id, source, _now()])

        return await self._store.write(write)

    async def note_derived(self, import_id: int, conversation: ConversationRecord) -> None:
        """Count what plugins made of the import's files since it began as brought by it."""
        await self._store.write(lambda c: c.execute(_DERIVED, [import_id, conversation.id]))

    async def find_files(self, conversation: ConversationRecord, event_ids: Sequence[str]) -> set[str]:
        """Find the messages that something was drawn from, and those whose files were forgotten."""
        async with self._store.reading() as connection:
            rows: Iterable[Any] = await connection.execute_fetchall(
                _WITH_FILES, [conversation.id, json.dumps(event_ids)]
            )
            forgotten = await find_forgotten(connection, conversation.id, event_ids, files=True)
        return forgotten.union(str(row[0]) for row in rows)

    async def end(self, import_id: int) -> bool:
        """Note that an import is complete; False when it added nothing, and so is not kept."""

        async def write(connection: aiosqlite.Connection) -> bool:
            await connection.execute("UPDATE imports SET ended_at = ? WHERE id = ?", [_now(), import_id])
            return import_id not in await drop_empty(connection)

        return await self._store.write(write)

    async def select(self, scope: Scope) -> list[Import]:
        """Return the imports of which something is left within the scope, the latest first."""
        condition, values = in_scope(scope)
        rows = await self._store.read(
            f"""SELECT i.id, i.source, i.begun_at, i.ended_at,
                       count(p.id) FILTER (WHERE p.kind IN ('message', 'system')), count(p.id),
                       json_group_array(DISTINCT p.conversation_id)
                FROM imports AS i JOIN import_ranges AS r ON r.import_id = i.id
                JOIN passages AS p ON p.id BETWEEN r.first_id AND r.last_id
                WHERE {condition} GROUP BY i.id ORDER BY i.id DESC""",
            values,
        )
        return [_import_of(row) for row in rows]


async def insert(
    connection: aiosqlite.Connection, conversation_id: int, entries: Sequence[Entry], import_id: int | None
) -> list[Stored]:
    """Store entries as `memory.sqlite.insert` does, and note the new ones as brought by the import, if there is one.

    An import brings nothing back that was forgotten.
    """
    if import_id is not None:
        events = [each for entry in entries for each in ids_of(entry)]
        if forgotten := await find_forgotten(connection, conversation_id, events):
            gone = [not forgotten.isdisjoint(ids_of(entry)) for entry in entries]
            kept = [entry for entry, is_gone in zip(entries, gone, strict=True) if not is_gone]
            outcomes = iter(await _insert_kept(connection, conversation_id, kept, import_id))
            return [Stored(0, new=False, forgotten=True) if is_gone else next(outcomes) for is_gone in gone]
    return await _insert_kept(connection, conversation_id, entries, import_id)


async def _insert_kept(
    connection: aiosqlite.Connection, conversation_id: int, entries: Sequence[Entry], import_id: int | None
) -> list[Stored]:
    stored = await add(connection, conversation_id, entries)
    ids = [each.id for each in stored if each.new]
    if import_id is not None and ids:
        await connection.execute("INSERT INTO import_ranges VALUES (?, ?, ?)", [import_id, min(ids), max(ids)])
    return stored


async def drop_empty(connection: aiosqlite.Connection) -> list[int]:
    """Drop the imports that have ended and of which nothing is left; return their ids."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """DELETE FROM imports WHERE ended_at IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM import_ranges AS r JOIN passages AS p ON p.id BETWEEN r.first_id AND r.last_id
               WHERE r.import_id = imports.id) RETURNING id"""
    )
    return [int(row[0]) for row in rows]


_UNENDED = "SELECT id FROM imports WHERE owner_id = ? AND source = ? AND ended_at IS NULL"
_BEGIN = "INSERT INTO imports (owner_id, source, begun_at) VALUES (?, ?, ?) RETURNING id"
_DERIVED = """
INSERT OR IGNORE INTO import_ranges (import_id, first_id, last_id)
SELECT ?1, p.id, p.id FROM passages AS p
WHERE p.conversation_id = ?2 AND p.kind IN ('document', 'fact')
  AND p.id > (SELECT min(first_id) FROM import_ranges WHERE import_id = ?1)
  AND NOT EXISTS (SELECT 1 FROM import_ranges AS r WHERE p.id BETWEEN r.first_id AND r.last_id)
"""

_WITH_FILES = """
SELECT DISTINCT s.event_id FROM passages AS s JOIN evidence AS e ON e.source_id = s.id
JOIN passages AS p ON p.id = e.passage_id
WHERE s.conversation_id = ? AND s.event_id IN (SELECT value FROM json_each(?)) AND p.document_id IS NOT NULL
"""


async def _first(connection: aiosqlite.Connection, sql: str, values: Sequence[object]) -> int:
    rows: Iterable[Any] = await connection.execute_fetchall(sql, values)
    return next((int(row[0]) for row in rows), 0)


def _now() -> int:
    return time.time_ns() // 1000


def _import_of(row: Any) -> Import:
    import_id, source, begun, ended, messages, passages, places = row
    return Import(
        id=import_id,
        source=source,
        begun_at=moment(begun),
        ended_at=None if ended is None else moment(ended),
        messages=messages,
        passages=passages,
        conversation_ids=tuple(sorted(json.loads(places))),
    )
