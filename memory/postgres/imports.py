"""The imports facet: which passages came with which import, so that an import can be listed and undone whole.

The ids that the new passages of a batch are given are mostly one after another, and are never given twice, so ranges of
ids are enough: an import of a million messages is a few hundred rows, and nothing is added to a passage.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from memory.forgetting.marks import ids_of
from memory.postgres.connection import Connection, Row
from memory.postgres.forgotten import find_forgotten
from memory.postgres.insert import insert as add
from memory.postgres.rows import in_scope, number
from memory.postgres.store import Store
from memory.records import ConversationRecord, Entry, Import, PersonRecord, Scope, Stored
from memory.timestamps import moment


class PostgresImports:
    """Keeps imports with the ranges of passage ids that they brought; see `memory.engine.ImportStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def begin(self, owner: PersonRecord, source: str) -> int:
        """Return the id under which an import is remembered; one of the same source that broke off goes on."""

        async def write(connection: Connection) -> int:
            # Two processes that begin the same at once go on with one.
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", f"{owner.id} {source}")
            known = await connection.fetch_value(
                "SELECT id FROM imports WHERE owner_id = $1 AND source = $2 AND ended_at IS NULL", owner.id, source
            )
            begin = "INSERT INTO imports (owner_id, source, begun_at) VALUES ($1, $2, $3) RETURNING id"
            return int(known or await connection.fetch_value(begin, owner.id, source, _now()))

        return await self._store.write(write)

    async def note_derived(self, import_id: int, conversation: ConversationRecord) -> None:
        """Count what plugins made of the import's files since it began as brought by it."""
        await self._store.write(lambda c: c.execute(_DERIVED, import_id, conversation.id))

    async def find_files(self, conversation: ConversationRecord, event_ids: Sequence[str]) -> set[str]:
        """Find the messages that something was drawn from, and those whose files were forgotten."""
        async with self._store.reading() as connection:
            rows = await connection.fetch(_WITH_FILES, conversation.id, list(event_ids))
            forgotten = await find_forgotten(connection, conversation.id, event_ids, files=True)
        return forgotten.union(str(row[0]) for row in rows)

    async def end(self, import_id: int) -> bool:
        """Note that an import is complete; False when it added nothing, and so is not kept."""

        async def write(connection: Connection) -> bool:
            await connection.execute("UPDATE imports SET ended_at = $1 WHERE id = $2", _now(), import_id)
            return import_id not in await drop_empty(connection)

        return await self._store.write(write)

    async def select(self, scope: Scope) -> list[Import]:
        """Return the imports of which something is left within the scope, the latest first."""
        condition, values = in_scope(scope)
        rows = await self._store.read(
            number(f"""SELECT i.id, i.source, i.begun_at, i.ended_at,
                       count(p.id) FILTER (WHERE p.kind IN ('message', 'system')), count(p.id),
                       array_agg(DISTINCT p.conversation_id)
                FROM imports AS i JOIN import_ranges AS r ON r.import_id = i.id
                JOIN passages AS p ON p.id BETWEEN r.first_id AND r.last_id
                WHERE {condition} GROUP BY i.id ORDER BY i.id DESC"""),
            *values,
        )
        return [_import_of(row) for row in rows]


async def insert(
    connection: Connection, conversation_id: int, entries: Sequence[Entry], import_id: int | None
) -> list[Stored]:
    """Store entries as `memory.postgres.insert` does, and note the new ones as brought by the import, if there is one.

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
    connection: Connection, conversation_id: int, entries: Sequence[Entry], import_id: int | None
) -> list[Stored]:
    stored = await add(connection, conversation_id, entries)
    if import_id is not None:
        runs = [(import_id, first, last) for first, last in _find_runs(sorted(each.id for each in stored if each.new))]
        await connection.execute_many("INSERT INTO import_ranges VALUES ($1, $2, $3)", runs)
    return stored


def _find_runs(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of ids that follow one another."""
    first = 0
    for at in range(1, len(ids) + 1):
        if at == len(ids) or ids[at] != ids[at - 1] + 1:
            yield ids[first], ids[at - 1]
            first = at


async def drop_empty(connection: Connection) -> list[int]:
    """Drop the imports that have ended and of which nothing is left; return their ids."""
    rows = await connection.fetch(
        """DELETE FROM imports WHERE ended_at IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM import_ranges AS r JOIN passages AS p ON p.id BETWEEN r.first_id AND r.last_id
               WHERE r.import_id = imports.id) RETURNING id"""
    )
    return [int(row[0]) for row in rows]


_DERIVED = """
INSERT INTO import_ranges (import_id, first_id, last_id)
SELECT $1::bigint, p.id, p.id FROM passages AS p
WHERE p.conversation_id = $2 AND p.kind IN ('document', 'fact')
  AND p.id > (SELECT min(first_id) FROM import_ranges WHERE import_id = $1)
  AND NOT EXISTS (SELECT 1 FROM import_ranges AS r WHERE p.id BETWEEN r.first_id AND r.last_id)
ON CONFLICT DO NOTHING
"""

_WITH_FILES = """
SELECT DISTINCT s.event_id FROM passages AS s JOIN evidence AS e ON e.source_id = s.id
JOIN passages AS p ON p.id = e.passage_id
WHERE s.conversation_id = $1 AND s.event_id = ANY($2::text[]) AND p.document_id IS NOT NULL
"""


def _now() -> int:
    return time.time_ns() // 1000


def _import_of(row: Row) -> Import:
    import_id, source, begun, ended, messages, passages, places = row
    return Import(
        id=import_id,
        source=source,
        begun_at=moment(begun),
        ended_at=None if ended is None else moment(ended),
        messages=messages,
        passages=passages,
        conversation_ids=tuple(sorted(places)),
    )
