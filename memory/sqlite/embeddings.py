"""The embeddings facet: the queue from stored text to stored vector, and the model that serves."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

from memory.embedders import EmbedderIdentity, Vectors
from memory.sqlite import vectors
from memory.sqlite.store import Store
from memory.sqlite.windows import windows


class SqliteEmbeddings:
    """Claims rows of the queue and keeps vectors in a table for each model; see `memory.engine.EmbeddingStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def register(self, identity: EmbedderIdentity) -> int:
        """Return the model's id, without a write where it is known."""
        async with self._store.reading() as connection:
            known = await vectors.model_id(connection, identity)
        if known is not None:
            return known
        return await self._store.write(lambda connection: vectors.register(connection, identity))

    async def find_serving(self) -> tuple[int, EmbedderIdentity] | None:
        """Return the model that is marked as serving."""
        async with self._store.reading() as connection:
            return await vectors.serving(connection)

    async def count_pending(self, model: int) -> int:
        """Count the model's rows in the queue."""
        rows = await self._store.read("SELECT count(*) FROM embedding_queue WHERE model_id = ?", [model])
        return int(rows[0][0])

    async def claim(self, model: int, lease: float, limit: int) -> dict[int, str]:
        """Claim the oldest rows that nobody holds, or whose lease has run out."""
        return await self._store.write(lambda connection: _claim(connection, model, lease, limit))

    async def renew(self, model: int, lease: float, until: float) -> None:
        """Move the end of a lease."""
        await self._store.write(lambda connection: _move_lease(connection, model, lease, until))

    async def release(self, model: int, lease: float) -> None:
        """End a lease now."""
        await self._store.write(lambda connection: _move_lease(connection, model, lease, 0))

    async def keep(self, model: int, lease: float, passage_ids: Sequence[int], vectors: Vectors) -> int:
        """Take what the lease still holds out of the queue, and keep its vectors."""
        return await self._store.write(lambda connection: _keep(connection, model, lease, passage_ids, vectors))

    async def switch(self, model: int) -> bool:
        """Mark the model as the one that serves, and drop the tables of the others."""
        return await self._store.write(lambda connection: vectors.switch(connection, model))

    async def wait(self, seconds: float) -> None:
        """Wait for a write of this process."""
        await self._store.wait_for_queued(seconds)


async def _claim(connection: aiosqlite.Connection, model: int, lease: float, limit: int) -> dict[int, str]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        """UPDATE embedding_queue SET claimed_until = ?2 WHERE model_id = ?1 AND passage_id IN (
               SELECT passage_id FROM embedding_queue
               WHERE model_id = ?1 AND claimed_until < ?3 ORDER BY passage_id LIMIT ?4
           ) RETURNING passage_id""",
        [model, lease, time.time(), limit],
    )
    rows = await windows(connection, [int(row[0]) for row in rows])
    return {row.passage_id: row.window() for row in rows}


async def _move_lease(connection: aiosqlite.Connection, model: int, lease: float, until: float) -> None:
    await connection.execute(
        "UPDATE embedding_queue SET claimed_until = ? WHERE model_id = ? AND claimed_until = ?", [until, model, lease]
    )


async def _keep(
    connection: aiosqlite.Connection, model: int, lease: float, passage_ids: Sequence[int], made: Vectors
) -> int:
    # A passage that was edited or forgotten meanwhile has lost its claim, and this vector with it.
    rows: Iterable[Any] = await connection.execute_fetchall(
        """DELETE FROM embedding_queue WHERE model_id = ? AND claimed_until = ?
           AND passage_id IN (SELECT value FROM json_each(?)) RETURNING passage_id""",
        [model, lease, json.dumps(list(passage_ids))],
    )
    held = {int(row[0]) for row in rows}
    at = [index for index, passage_id in enumerate(passage_ids) if passage_id in held]
    homes = await _homes(connection, held)
    await vectors.put(connection, model, [(passage_ids[i], homes[passage_ids[i]]) for i in at], made[at])
    return len(at)


async def _homes(connection: aiosqlite.Connection, passage_ids: Iterable[int]) -> dict[int, int]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, conversation_id FROM passages WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(passage_ids))],
    )
    return {int(passage_id): int(conversation_id) for passage_id, conversation_id in rows}
