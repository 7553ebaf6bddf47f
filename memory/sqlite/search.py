"""The search facet: matches, what the ranking knows of them, and the texts of the best."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

from memory.records import Passage, Scope
from memory.search.request import Matches, RecallQuery, VectorRows
from memory.sqlite import vectors
from memory.sqlite.finding import match
from memory.sqlite.rows import in_scope
from memory.sqlite.sign_cache import SignCache
from memory.sqlite.store import Store
from memory.stored_rows import PASSAGE_SELECT, passage_of


class SqliteSearch:
    """Searches by FTS5 and sqlite-vec; see `memory.engine.SearchIndex`."""

    def __init__(self, store: Store, signs: SignCache) -> None:
        self._store = store
        self._signs = signs

    async def match(self, request: RecallQuery, words: Sequence[str]) -> Matches:
        """Search for words and meaning, and read what the ranking weighs of each match."""
        return await match(self._store, self._signs, request, words)

    async def read_vectors(self, _: Scope, model: int, passage_ids: Sequence[int]) -> VectorRows:
        """Read the float32 vectors."""
        return await self._store.ask(lambda connection: vectors.read(connection, model, passage_ids))

    async def read(self, scope: Scope, passage_ids: Sequence[int]) -> list[Passage]:
        """Read passages in the order of their ids."""
        return await self._store.ask(lambda connection: _read(connection, scope, passage_ids))

    async def read_context(self, scope: Scope, passage_ids: Sequence[int]) -> dict[int, tuple[Passage, ...]]:
        """Read the two messages before each passage; a document's piece has none."""
        return await self._store.ask(lambda connection: _read_context(connection, scope, passage_ids))


async def _read(connection: aiosqlite.Connection, scope: Scope, ids: Sequence[int]) -> list[Passage]:
    scoped, values = in_scope(scope)
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"{PASSAGE_SELECT} WHERE p.id IN (SELECT value FROM json_each(?)) AND {scoped}", [json.dumps(ids), *values]
    )
    by_id = {int(row[0]): passage_of(row) for row in rows}
    return [by_id[each] for each in ids if each in by_id]


async def _read_context(
    connection: aiosqlite.Connection, scope: Scope, ids: Sequence[int]
) -> dict[int, tuple[Passage, ...]]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT p.id, a.previous_id, a.id FROM passages AS p JOIN passages AS a ON a.id = p.previous_id
           WHERE p.id IN (SELECT value FROM json_each(?)) AND p.document_id IS NULL""",
        [json.dumps(ids)],
    )
    before = {int(row[0]): [at for at in row[1:] if at is not None] for row in rows}
    read = {
        each.id: each for each in await _read(connection, scope, sorted({at for ids in before.values() for at in ids}))
    }
    return {each: tuple(read[at] for at in before.get(each, []) if at in read) for each in ids}
