"""Embeds what is stored, behind the conversation: works off the engine's durable queue."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from memory.embedders import Embedder, EmbedderIdentity, Vectors, guarded
from memory.engine.embeddings import EmbeddingStore
from memory.errors import MemoryStoreError

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

    def __init__(
        self, embeddings: EmbeddingStore, embedder: Embedder, model: int, lease_seconds: float = LEASE_SECONDS
    ) -> None:
        self._embeddings = embeddings
        self._embedder = embedder
        self._model = model
        self._lease_seconds = lease_seconds

    @property
    def identity(self) -> EmbedderIdentity:
        """Which embedding model this is."""
        return self._embedder.identity

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts that are stored nowhere, a row each. Raises EmbedderError."""
        return await asyncio.to_thread(guarded.embed, self._embedder, texts)

    async def count_pending(self) -> int:
        """Return how many passages wait for their vector, those claimed by others included."""
        return await self._embeddings.count_pending(self._model)

    async def embed_pending(self, progress: Callable[[int], None] | None = None) -> int:
        """Embed everything that waits, now; return how many passages that were. `progress` gets each batch's size.

        Raises EmbedderError, StorageError.
        """
        total = 0
        while True:
            done = await self._embed_batch()
            total += done
            if done and progress is not None:
                progress(done)
            if not done:
                if not await self.count_pending():
                    break
                await asyncio.sleep(0.2)  # another process holds the rest, or held it when it was killed
        await self._embeddings.switch(self._model)
        return total

    @asynccontextmanager
    async def embed_in_background(self) -> AsyncIterator[None]:
        """Embed what is stored, in the background, while the block runs."""
        closing = asyncio.Event()
        worker = asyncio.create_task(self._work(closing), name="memory-embedding")
        try:
            yield
        finally:
            # The batch in hand is finished: cancelled, it would hold its claim until the lease runs out.
            closing.set()
            await asyncio.gather(worker, return_exceptions=True)

    async def _work(self, closing: asyncio.Event) -> None:
        pause = POLL_SECONDS
        while not closing.is_set():
            try:
                if await self._embed_batch():
                    continue
                # A model that serves already leaves the others be: another process may be at work on one of them.
                if await self._serves_another() and not await self.count_pending():
                    await self._embeddings.switch(self._model)
                pause = POLL_SECONDS
            except Exception as error:  # noqa: BLE001 (whatever it was, the texts still wait for their vectors)
                _log.error(
                    "embedding failed, next try in %.0f s; until then the texts are found by their words: %s",
                    pause,
                    error,
                    exc_info=not isinstance(error, MemoryStoreError),
                )
                pause = min(pause * 2, 300.0)
            await self._wait(pause, closing)

    async def _serves_another(self) -> bool:
        served = await self._embeddings.find_serving()
        return served is not None and served[0] != self._model

    async def _wait(self, seconds: float, closing: asyncio.Event) -> None:
        """Wait for something to embed, but not longer than until the block ends."""
        waits = [asyncio.create_task(self._embeddings.wait(seconds)), asyncio.create_task(closing.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*waits, return_exceptions=True)

    async def _embed_batch(self) -> int:
        """Claim, embed and store one batch; return how many vectors were stored."""
        lease = _Lease(self._lease_seconds)
        texts = await self._embeddings.claim(self._model, lease.until, BATCH)
        if not texts:
            return 0
        try:
            made = await self._embed(list(texts.values()), lease)
            return await self._embeddings.keep(self._model, lease.until, list(texts), made)
        except BaseException:
            await asyncio.shield(self._embeddings.release(self._model, lease.until))
            raise

    async def _embed(self, texts: list[str], lease: _Lease) -> Vectors:
        """Make the vectors in a thread, and renew the lease as long as that takes."""
        making = asyncio.create_task(asyncio.to_thread(guarded.embed, self._embedder, texts))
        try:
            while not (await asyncio.wait({making}, timeout=lease.seconds / 3))[0]:
                held = lease.until
                lease.extend()
                await self._embeddings.renew(self._model, held, lease.until)
            return making.result()
        finally:
            making.cancel()
