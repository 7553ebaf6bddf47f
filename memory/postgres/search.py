"""The search facet: matches, what the ranking knows of them, and the texts of the best."""

from __future__ import annotations

from collections.abc import Sequence

from memory.postgres import vectors
from memory.postgres.connection import Connection
from memory.postgres.finding import find_visible, match
from memory.postgres.rows import in_scope, number
from memory.postgres.store import Store
from memory.records import Passage, Scope
from memory.search.request import Matches, RecallQuery, VectorRows
from memory.stored_rows import PASSAGE_SELECT, passage_of


class PostgresSearch:
    """Searches the blocks of words, and by pgvector; see `memory.engine.SearchIndex`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def match(self, request: RecallQuery, words: Sequence[str]) -> Matches:
        """Search for words and meaning, and read what the ranking weighs of each match."""
        return await match(self._store, request, words)

    async def read_vectors(self, scope: Scope, model: int, passage_ids: Sequence[int]) -> VectorRows:
        """Read the float32 vectors."""
        return await self._store.ask_within(scope, lambda c: _read_vectors(c, scope, model, passage_ids))

    async def read(self, scope: Scope, passage_ids: Sequence[int]) -> list[Passage]:
        """Read passages in the order of their ids."""
        return await self._store.ask_within(scope, lambda connection: _read(connection, scope, passage_ids))

    async def read_context(self, scope: Scope, passage_ids: Sequence[int]) -> dict[int, tuple[Passage, ...]]:
        """Read the two messages before each passage; a document's piece has none."""
        return await self._store.ask_within(scope, lambda connection: _read_context(connection, scope, passage_ids))


async def _read_vectors(connection: Connection, scope: Scope, model: int, ids: Sequence[int]) -> VectorRows:
    return await vectors.read(connection, model, ids, await find_visible(connection, scope))


async def _read(connection: Connection, scope: Scope, ids: Sequence[int]) -> list[Passage]:
    scoped, values = in_scope(scope)
    rows = await connection.fetch(
        number(f"{PASSAGE_SELECT} WHERE p.id = ANY(?::bigint[]) AND {scoped}"), list(ids), *values
    )
    by_id = {int(row[0]): passage_of(row) for row in rows}
    return [by_id[each] for each in ids if each in by_id]


async def _read_context(connection: Connection, scope: Scope, ids: Sequence[int]) -> dict[int, tuple[Passage, ...]]:
    scoped, values = in_scope(scope)
    rows = await connection.fetch(
        number(f"""SELECT p.id, a.previous_id, a.id FROM passages AS p
                   JOIN passages AS a ON a.id = p.previous_id AND a.conversation_id = p.conversation_id
                   WHERE p.id = ANY(?::bigint[]) AND p.document_id IS NULL AND {scoped}"""),
        list(ids),
        *values,
    )
    before = {int(row[0]): [at for at in (row[1], row[2]) if at is not None] for row in rows}
    read = {
        each.id: each for each in await _read(connection, scope, sorted({at for ids in before.values() for at in ids}))
    }
    return {each: tuple(read[at] for at in before.get(each, []) if at in read) for each in ids}
