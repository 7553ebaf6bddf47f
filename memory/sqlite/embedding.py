"""The durable queue from stored text to stored vector, worked off behind the conversation."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiosqlite

from memory import guarded
from memory.embedders import Embedder, Vectors
from memory.sqlite import vectors
from memory.sqlite.store import Store
from memory.sqlite.windows import windows

_log = logging.getLogger(__name__)

BATCH = 512
"""Passages claimed at once: enough to be sorted by length with little padding (half as many cost 7 % more), few enough
to lose little to a kill."""
LEASE_SECONDS = 30.0
"""How long a claim keeps others away; it is renewed meanwhile, and that of a killed process is free again after it."""
POLL_SECONDS = 2.0
"""How often the background worker looks for what another process has stored."""


@dataclass(slots=True)
class _Lease:
    """A claim on passages, which it is told apart by: until when it holds, in seconds since 1970 UTC."""

    seconds: float
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.extend()

    def extend(self) -> None:
        self.until = time.time() + self.seconds + random.random()  # noqa: S311 (tells leases apart, guards nothing)


class EmbeddingQueue:
    """Claims passages that wait for a vector, embeds them in a thread, and stores the vectors.

    Any number of processes may work one queue: a claim is a lease, and a vector is stored only by who holds it.
    """

    def __init__(self, store: Store, embedder: Embedder, model: int, lease_seconds: float = LEASE_SECONDS) -> None:
        self._store = store
        self._embedder = embedder
        self._model = model
        self._lease_seconds = lease_seconds
        self._stored_some = asyncio.Event()

    def wake(self) -> None:
        """Tell the background worker that there is something new."""
        self._stored_some.set()

    async def pending(self) -> int:
        """Return how many passages wait, those claimed by others included."""
        rows = await self._store.read("SELECT count(*) FROM embedding_queue WHERE model_id = ?", [self._model])
        return int(rows[0][0])

    async def drain(self, progress: Callable[[int], None] | None = None) -> int:
        """Embed until nothing waits; return how many passages that were. Raises EmbedderError, StorageError."""
        total = 0
        while True:
            done = await self._batch()
            total += done
            if done and progress is not None:
                progress(done)
            if not done:
                if not await self.pending():
                    break
                await asyncio.sleep(0.2)  # another process holds the rest, or held it when it was killed
        await self._store.write(self._switch)
        return total

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Drain in the background while the block runs."""
        closing = asyncio.Event()
        worker = asyncio.create_task(self._work(closing), name="memory-embedding")
        try:
            yield
        finally:
            # The batch in hand is finished: cancelled, it would hold its claim until the lease runs out.
            closing.set()
            self.wake()
            await asyncio.gather(worker, return_exceptions=True)

    async def _work(self, closing: asyncio.Event) -> None:
        pause = POLL_SECONDS
        while not closing.is_set():
            self._stored_some.clear()
            try:
                if await self._batch():
                    continue
                if await self._serves_another() and not await self.pending():
                    await self._store.write(self._switch)
                pause = POLL_SECONDS
            except Exception:  # noqa: BLE001 (whatever it was, the texts still wait for their vectors)
                _log.exception(
                    "embedding failed, next try in %.0f s; until then the texts are found by their words", pause
                )
                pause = min(pause * 2, 300.0)
            try:
                await asyncio.wait_for(self._stored_some.wait(), pause)
            except TimeoutError:
                continue

    async def _batch(self) -> int:
        """Claim, embed and store one batch; return how many vectors were stored."""
        lease = _Lease(self._lease_seconds)
        texts = await self._store.write(lambda connection: self._claim(connection, lease.until))
        if not texts:
            return 0
        try:
            made = await self._embed(list(texts.values()), lease)
            return await self._store.write(lambda connection: self._keep(connection, lease.until, list(texts), made))
        except BaseException:
            await asyncio.shield(self._store.write(lambda connection: self._release(connection, lease.until)))
            raise

    async def _embed(self, texts: list[str], lease: _Lease) -> Vectors:
        """Make the vectors in a thread, and renew the lease as long as that takes."""
        making = asyncio.create_task(asyncio.to_thread(guarded.embed, self._embedder, texts))
        try:
            while not (await asyncio.wait({making}, timeout=lease.seconds / 3))[0]:
                await self._renew(lease)
            return making.result()
        finally:
            making.cancel()

    async def _renew(self, lease: _Lease) -> None:
        held = lease.until
        lease.extend()
        values = [lease.until, self._model, held]
        sql = "UPDATE embedding_queue SET claimed_until = ? WHERE model_id = ? AND claimed_until = ?"
        await self._store.write(lambda connection: connection.execute(sql, values))

    async def _claim(self, connection: aiosqlite.Connection, lease: float) -> dict[int, str]:
        rows: Iterable[Any] = await connection.execute_fetchall(
            """UPDATE embedding_queue SET claimed_until = ?2 WHERE model_id = ?1 AND passage_id IN (
                   SELECT passage_id FROM embedding_queue
                   WHERE model_id = ?1 AND claimed_until < ?3 ORDER BY passage_id LIMIT ?4
               ) RETURNING passage_id""",
            [self._model, lease, time.time(), BATCH],
        )
        rows = await windows(connection, [int(row[0]) for row in rows])
        return {row.passage_id: row.window() for row in rows}

    async def _release(self, connection: aiosqlite.Connection, lease: float) -> None:
        await connection.execute(
            "UPDATE embedding_queue SET claimed_until = 0 WHERE model_id = ? AND claimed_until = ?",
            [self._model, lease],
        )

    async def _keep(self, connection: aiosqlite.Connection, lease: float, passage_ids: list[int], made: Vectors) -> int:
        # A passage that was edited or forgotten meanwhile has lost its claim, and this vector with it.
        rows: Iterable[Any] = await connection.execute_fetchall(
            """DELETE FROM embedding_queue WHERE model_id = ? AND claimed_until = ?
               AND passage_id IN (SELECT value FROM json_each(?)) RETURNING passage_id""",
            [self._model, lease, json.dumps(passage_ids)],
        )
        held = {int(row[0]) for row in rows}
        at = [index for index, passage_id in enumerate(passage_ids) if passage_id in held]
        homes = await _homes(connection, held)
        await vectors.put(connection, self._model, [(passage_ids[i], homes[passage_ids[i]]) for i in at], made[at])
        return len(at)

    async def _serves_another(self) -> bool:
        rows = await self._store.read("SELECT 1 FROM embedding_models WHERE id = ? AND NOT serving", [self._model])
        return bool(rows)

    async def _switch(self, connection: aiosqlite.Connection) -> bool:
        return await vectors.switch(connection, self._model)


async def _homes(connection: aiosqlite.Connection, passage_ids: Iterable[int]) -> dict[int, int]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, conversation_id FROM passages WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(passage_ids))],
    )
    return {int(passage_id): int(conversation_id) for passage_id, conversation_id in rows}
