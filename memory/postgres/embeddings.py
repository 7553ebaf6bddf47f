"""The embeddings facet: the queue from stored text to stored vector, and the model that serves."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from memory.embedders import EmbedderIdentity, Vectors
from memory.postgres import vectors
from memory.postgres.connection import Connection
from memory.postgres.locks import share_memory
from memory.postgres.store import Store
from memory.postgres.windows import windows


class PostgresEmbeddings:
    """Claims rows of the queue and keeps vectors in tables for each model; see `memory.engine.EmbeddingStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def register(self, identity: EmbedderIdentity) -> int:
        """Return the model's id, without a write where it is known."""
        known = await self._store.ask(lambda connection: vectors.model_id(connection, identity))
        if known is not None:
            return known
        return await self._store.write(lambda connection: vectors.register(connection, identity))

    async def find_serving(self) -> tuple[int, EmbedderIdentity] | None:
        """Return the model that is marked as serving."""
        return await self._store.ask(vectors.serving)

    async def count_pending(self, model: int) -> int:
        """Count the model's rows in the queue."""
        rows = await self._store.read("SELECT count(*) FROM embedding_queue WHERE model_id = $1", model)
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


async def _claim(connection: Connection, model: int, lease: float, limit: int) -> dict[int, str]:
    rows = await connection.fetch(
        """WITH free AS MATERIALIZED (
               SELECT passage_id FROM embedding_queue
               WHERE model_id = $1 AND claimed_until < $3 ORDER BY passage_id LIMIT $4 FOR UPDATE SKIP LOCKED)
           UPDATE embedding_queue AS q SET claimed_until = $2 FROM free
           WHERE q.model_id = $1 AND q.passage_id = free.passage_id RETURNING q.passage_id""",
        model,
        float(lease),
        time.time(),
        limit,
    )
    found = await windows(connection, sorted(int(row[0]) for row in rows))
    return {row.passage_id: row.window() for row in sorted(found)}


async def _move_lease(connection: Connection, model: int, lease: float, until: float) -> None:
    await connection.execute(
        "UPDATE embedding_queue SET claimed_until = $1 WHERE model_id = $2 AND claimed_until = $3",
        float(until),
        model,
        float(lease),
    )


async def _keep(connection: Connection, model: int, lease: float, passage_ids: Sequence[int], made: Vectors) -> int:
    await share_memory(connection)
    # A passage that was edited or forgotten meanwhile has lost its claim, and this vector with it.
    rows = await connection.fetch(
        """DELETE FROM embedding_queue WHERE model_id = $1 AND claimed_until = $2
           AND passage_id = ANY($3::bigint[]) RETURNING passage_id""",
        model,
        float(lease),
        list(passage_ids),
    )
    held = {int(row[0]) for row in rows}
    at = [index for index, passage_id in enumerate(passage_ids) if passage_id in held]
    homes = await _homes(connection, held)
    await vectors.put(connection, model, [(passage_ids[i], homes[passage_ids[i]]) for i in at], made[at])
    return len(at)


async def _homes(connection: Connection, passage_ids: Iterable[int]) -> dict[int, int]:
    rows = await connection.fetch(
        "SELECT id, conversation_id FROM passages WHERE id = ANY($1::bigint[])", list(passage_ids)
    )
    return {int(passage_id): int(conversation_id) for passage_id, conversation_id in rows}
