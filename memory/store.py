"""SQLite through aiosqlite: one writer that groups commits, many readers that never wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from memory.errors import StorageError
from memory.schema import migrate
from memory.sqlite import Error, connect, connect_async, said_plainly, translated

T = TypeVar("T")
Write = Callable[[aiosqlite.Connection], Awaitable[T]]

READERS = 3
"""Connections kept for reading; each has a thread of its own."""
GROUP = 64
"""The most writes that share one commit."""


@dataclass(frozen=True, slots=True)
class _Job:
    write: Write[Any]
    done: asyncio.Future[Any]


class Store:
    """Runs writes one after another in grouped transactions, and reads beside them.

    A write is a coroutine function of the connection; it must not begin or end transactions itself.
    """

    def __init__(self, path: Path, writer: aiosqlite.Connection, stack: AsyncExitStack) -> None:
        self._path = path
        self._writer = writer
        self._stack = stack
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._idle: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._opened = 0
        self._transaction = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Store]:
        """Open or create the database, migrated to the newest version. Raises StorageError."""
        await asyncio.to_thread(_prepare, path)
        async with AsyncExitStack() as stack:
            with translated(path):
                writer = await stack.enter_async_context(connect_async(path))
            store = cls(path, writer, stack)
            loop = asyncio.create_task(store._work(), name="memory-writer")
            try:
                yield store
            finally:
                store._jobs.put_nowait(None)
                await loop

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._path

    async def write(self, write: Write[T]) -> T:
        """Run `write` in a transaction and return its result once that is committed.

        When the caller is cancelled the write is still carried out: it may already share a commit with others.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait(_Job(write, done))
        return await asyncio.shield(done)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lend a read-only connection; hold it for one question, not longer: it delays checkpoints."""
        connection = await self._borrow()
        try:
            with translated(self._path):
                yield connection
        finally:
            self._idle.put_nowait(connection)

    async def read(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        """Run one query and return all its rows."""
        async with self.reading() as connection:
            return [tuple(row) for row in await connection.execute_fetchall(sql, parameters)]

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[aiosqlite.Connection]:
        """Open a read-only connection for the block alone."""
        with translated(self._path):
            async with connect_async(self._path, read_only=True) as connection:
                yield connection

    async def checkpoint(self) -> None:
        """Move the write-ahead log into the database and empty it, so that no old page is left in it."""
        # A reader may hold the log open for a moment; what is left then goes at the next checkpoint.
        async with self._transaction:  # SQLite refuses a checkpoint inside a transaction of the same connection
            with translated(self._path):
                await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _borrow(self) -> aiosqlite.Connection:
        if self._idle.empty() and self._opened < READERS:
            self._opened += 1
            try:
                with translated(self._path):
                    return await self._stack.enter_async_context(connect_async(self._path, read_only=True))
            except BaseException:
                self._opened -= 1
                raise
        return await self._idle.get()

    async def _work(self) -> None:
        while (job := await self._jobs.get()) is not None:
            jobs: list[_Job | None] = [job]
            while not self._jobs.empty() and len(jobs) < GROUP:
                jobs.append(self._jobs.get_nowait())
            async with self._transaction:
                await self._commit([each for each in jobs if each is not None])
            if None in jobs:
                return

    async def _commit(self, jobs: list[_Job]) -> None:
        outcomes: list[tuple[_Job, Any, Exception | None]] = []
        try:
            with translated(self._path):
                await self._writer.execute_fetchall("BEGIN IMMEDIATE")
                outcomes = [(job, *await self._attempt(job)) for job in jobs]
                await self._writer.execute_fetchall("COMMIT")
        except StorageError as error:
            await self._roll_back()
            outcomes = [(job, None, error) for job in jobs]
        for job, result, failure in outcomes:
            _settle(job.done, result, failure)

    async def _attempt(self, job: _Job) -> tuple[Any, Exception | None]:
        """Run one write under a savepoint: its failure undoes it alone."""
        await self._writer.execute_fetchall("SAVEPOINT one")
        try:
            result = await job.write(self._writer)
        except Exception as error:
            if isinstance(error, Error) and not self._writer.in_transaction:
                raise  # the database has given up the whole transaction (disk full, I/O error)
            await self._writer.execute_fetchall("ROLLBACK TO one")
            await self._writer.execute_fetchall("RELEASE one")
            return None, said_plainly(error, self._path)
        await self._writer.execute_fetchall("RELEASE one")
        return result, None

    async def _roll_back(self) -> None:
        if self._writer.in_transaction:
            await self._writer.execute_fetchall("ROLLBACK")


def _settle(done: asyncio.Future[Any], result: Any, failure: Exception | None) -> None:
    if done.cancelled():
        return
    if failure is None:
        done.set_result(result)
    else:
        done.set_exception(failure)


def _prepare(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"the data folder {path.parent} can't be made: {error.strerror}") from error
    with translated(path):
        connection = connect(path)
        try:
            migrate(connection, path)
        finally:
            connection.close()
