"""The sign table of the serving model, copied into memory, where the nearest are found many times as fast as on disk.

It answers as sqlite-vec does, from the state that a connection sees, or not at all: whoever asks then asks sqlite-vec.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiosqlite

from memory.embedders import Vectors
from memory.errors import StorageError
from memory.sqlite import sign_changes, vectors
from memory.sqlite.database import Error
from memory.sqlite.sign_index import SignIndex
from memory.sqlite.store import Store

logger = logging.getLogger(__name__)

AT_ONCE = 32
"""Chunks that are read in one go, two megabytes; no more than these while a question waits."""
PAUSE = 0.1
"""Seconds between two looks at what has changed."""
OTHERS_SECONDS = 2.0
"""How soon what another process has forgotten leaves the memory when nothing is asked; a search sees it at once."""


class SignCache:
    """Copies the sign table once a search wants it, in the background, and keeps the copy current.

    Every process that writes notes what it changes (`sign_changes`), so a search knows what to read again.
    """

    def __init__(self, store: Store, max_bytes: int) -> None:
        self._store = store
        self._max_bytes = max_bytes
        self._wanted = asyncio.Event()
        self._lock = threading.Lock()
        # While nothing is unread, the index shows the signs of the model after this change, neither less nor more.
        self._index: SignIndex | None = None
        self._model = 0
        self._change = 0
        self._unread: list[int] = []
        self._compared = False

    @classmethod
    @asynccontextmanager
    async def open(cls, store: Store, max_bytes: int) -> AsyncIterator[SignCache]:
        """Make a cache that takes at most `max_bytes`; a sign table that needs more is not copied."""
        cache = cls(store, max_bytes)
        task = asyncio.create_task(cache._keep_current(), name="sign-cache")
        try:
            yield cache
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def want(self) -> None:
        """Have the copy made if there is none yet."""
        self._wanted.set()

    async def fill(self) -> None:
        """Bring the copy up to date, a piece at a time: no connection is held for long."""
        while self._max_bytes and not await self._store.ask(self._fill_piece):
            pass

    async def nearest(
        self,
        connection: aiosqlite.Connection,
        model: int,
        query: Vectors,
        conversations: Sequence[int] | None,
        limit: int,
    ) -> list[int] | None:
        """Return what `vectors.nearest` returns; None where the copy does not show what the connection sees.

        Run in a transaction, in the connection's thread.
        """
        with self._lock:
            index = self._index
            if index is None or model != self._model or self._unread or not await self._catch_up(connection, index):
                return None
            found = index.nearest(vectors.signs_of(query[None])[0], conversations, limit)
            if self._compared:
                return found
            # The first answer is held against sqlite-vec's, whose tables another version might write in another way.
            expected = await vectors.nearest(connection, model, query, conversations, limit)
            self._compared = found == expected
            if not self._compared:
                self._turn_off("it answers otherwise than the database", logging.ERROR)
            return expected

    async def _keep_current(self) -> None:
        await self._wanted.wait()
        while self._max_bytes:
            try:
                await self.fill()
            except (Error, StorageError, ValueError) as error:
                self._turn_off(str(error), logging.WARNING)
            await asyncio.sleep(PAUSE)
            await self._store.wait_for_commit(OTHERS_SECONDS)

    async def _fill_piece(self, connection: aiosqlite.Connection) -> bool:
        """Read some of what is unread; say whether that was all."""
        served = await vectors.serving(connection)
        if served is None:
            return True
        with self._lock:
            index = await self._prepare(connection, served[0])
            if index is None or await sign_changes.latest_change(connection, self._model) < self._change:
                return not self._max_bytes  # a connection that began earlier reads less than is there: again
            piece, self._unread = self._unread[:AT_ONCE], self._unread[AT_ONCE:]
            if not await self._read(connection, index, piece) or self._unread:
                return False
            return await self._catch_up(connection, index)

    async def _prepare(self, connection: aiosqlite.Connection, model: int) -> SignIndex | None:
        """Return the model's index, a new one where there is none or most is empty; None where it is too large."""
        if self._index is not None and self._model == model and not self._index.is_sparse:
            return self._index
        width = await sign_changes.width(connection, model)
        chunks = await sign_changes.all_chunks(connection, model)
        if SignIndex.size(len(chunks), width) > self._max_bytes:
            self._turn_off("it would take more than search_cache_mb", logging.INFO)
            return None
        self._index, self._model, self._unread = SignIndex(width), model, chunks
        self._change = await sign_changes.latest_change(connection, model)
        return self._index

    async def _catch_up(self, connection: aiosqlite.Connection, index: SignIndex) -> bool:
        """Read what has changed; False where that is too much at once, or the connection sees less than is there."""
        latest = await sign_changes.latest_change(connection, self._model)
        if latest <= self._change:
            return latest == self._change
        changed = await sign_changes.list_changes_since(connection, self._model, self._change)
        self._change = latest
        if len(changed) > AT_ONCE:
            self._unread = changed
            return False
        return await self._read(connection, index, changed)

    async def _read(self, connection: aiosqlite.Connection, index: SignIndex, chunk_ids: Sequence[int]) -> bool:
        """Read chunks into the index; where they have no place in it, drop it and return False."""
        for chunk_id, chunk in (await sign_changes.read_chunks(connection, self._model, chunk_ids)).items():
            if not index.accepts(chunk_id):
                self._index = None
                return False
            index.put(chunk_id, chunk)
        if index.bytes > self._max_bytes:
            self._turn_off("it takes more than search_cache_mb", logging.INFO)
        return self._index is not None

    def _turn_off(self, why: str, level: int) -> None:
        logger.log(level, "nearest vectors are searched for on disk, not in a copy in memory: %s", why)
        self._index, self._unread, self._max_bytes = None, [], 0
