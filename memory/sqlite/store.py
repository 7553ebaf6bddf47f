"""SQLite through aiosqlite: one writer that groups commits, many readers that never wait for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from memory.errors import StorageError
from memory.private_files import ensure_private, make_private_folder
from memory.sqlite.connection import Connection, Work
from memory.sqlite.database import BUSY_SECONDS, Error, connect, connect_async, explain, explain_errors
from memory.sqlite.look_ups import LookUps, Rows
from memory.sqlite.lost_log import find_lost_frames
from memory.sqlite.schema import migrate
from memory.sqlite.transactions import see_one_state, write_together
from memory.sqlite.upgrade import bring_up_to_date

T = TypeVar("T")
logger = logging.getLogger(__name__)

READERS = 3
"""Connections kept for reading; each has a thread of its own."""
GROUP = 64
"""The most writes that share one commit."""
PATIENCE_MS = 500
"""How long a checkpoint waits for readers in other processes; all writes wait with it."""


@dataclass(frozen=True, slots=True)
class _QueuedWrite:
    write: Work[Any]
    done: asyncio.Future[Any]


class Store:
    """Runs writes one after another in grouped transactions, and reads beside them.

    A write is a coroutine function of the connection and runs in the connection's thread: it awaits nothing but the
    connection, and neither begins nor ends transactions.
    """

    def __init__(self, path: Path, writer: Connection, stack: AsyncExitStack) -> None:
        self._path = path
        self._writer = writer
        self._stack = stack
        self._jobs: asyncio.Queue[_QueuedWrite | None] = asyncio.Queue()
        self._slots = asyncio.Semaphore(READERS)
        self._idle: list[Connection] = []
        self._look_ups = LookUps(path, self.reading)
        self._transaction = asyncio.Lock()
        self._unclean = False
        self._closed = False
        self._queued = asyncio.Event()
        self._committed = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Store]:
        """Open or create the database, migrated to the newest version. Raises StorageError."""
        await asyncio.to_thread(_prepare, path)
        async with AsyncExitStack() as stack:
            with explain_errors(path):
                writer = await stack.enter_async_context(connect_async(path))
            store = cls(path, writer, stack)
            loop = asyncio.create_task(store._work(), name="memory-writer")
            try:
                yield store
            finally:
                store._closed = True
                await store._look_ups.finish()
                store._jobs.put_nowait(None)
                await loop

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._path

    async def write(self, write: Work[T]) -> T:
        """Run `write` in a transaction and return its result once that is committed.

        When the caller is cancelled the write is still carried out: it may already share a commit with others.
        """
        self._refuse_when_closed()
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait(_QueuedWrite(write, done))
        return await asyncio.shield(done)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Lend a read-only connection; hold it for one question, not longer: it delays checkpoints."""
        async with self._slots:
            self._refuse_when_closed()
            with explain_errors(self._path):
                connection = self._idle.pop() if self._idle else await self._open_another()
                try:
                    yield connection
                finally:
                    self._idle.append(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lend a read-only connection that sees one state of the database for the whole block."""
        async with self.reading() as connection:
            await connection.execute_fetchall("BEGIN")
            try:
                yield connection
            finally:
                await asyncio.shield(connection.execute_fetchall("ROLLBACK"))

    async def ask(self, work: Work[T]) -> T:
        """Run `work` in the thread of a read-only connection, which sees one state of the database; return its result.

        For a question of several statements: it crosses to the thread once.
        """
        async with self.reading() as connection:
            return await connection.run(partial(see_one_state, work))

    async def read(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        """Run one query and return all its rows."""
        async with self.reading() as connection:
            return [tuple(row) for row in await connection.execute_fetchall(sql, parameters)]

    async def look_up(self, sql: str, parameters: Sequence[Any]) -> Rows:
        """Return the few rows that an index finds; what is looked up at the same time is answered together."""
        self._refuse_when_closed()
        return await self._look_ups.ask(sql, parameters)

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[aiosqlite.Connection]:
        """Open a read-only connection for the block alone."""
        with explain_errors(self._path):
            async with connect_async(self._path, read_only=True) as connection:
                yield connection

    def announce_queued(self) -> None:
        """Tell who waits in `wait_for_queued` that a write has put texts into the embedding queue."""
        self._queued.set()

    async def wait_for_queued(self, seconds: float) -> None:
        """Return when something was announced since the last call, after `seconds` at the latest."""
        await _wait(self._queued, seconds)

    async def wait_for_commit(self, seconds: float) -> None:
        """Return when this process has written something since the last call, after `seconds` at the latest."""
        await _wait(self._committed, seconds)

    async def checkpoint(self) -> None:
        """Move the write-ahead log into the database and empty it, so that no old page is left in it.

        Where another process is reading just now, the log is emptied after a later write, or at the end.
        """
        async with self._transaction:  # SQLite refuses a checkpoint inside a transaction of the same connection
            with explain_errors(self._path):
                await self._empty_log(PATIENCE_MS)

    async def _empty_log(self, patience_ms: int) -> None:
        await self._writer.execute_fetchall(f"PRAGMA busy_timeout = {patience_ms}")
        try:
            ((busy, *_),) = await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
            self._unclean = bool(busy)
        finally:
            await self._writer.execute_fetchall(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")

    async def _open_another(self) -> Connection:
        opening = asyncio.ensure_future(self._stack.enter_async_context(connect_async(self._path, read_only=True)))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # Broken off, it would leave its thread behind, to speak to a loop that is closed.
            self._idle.append(await opening)
            raise

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise StorageError(f"{self._path} is closed already")

    async def _work(self) -> None:
        jobs: list[_QueuedWrite] = []
        try:
            while jobs := await self._next():
                async with self._transaction:
                    await self._commit(jobs)
                    self._committed.set()
                    if self._unclean:
                        with contextlib.suppress(Error):
                            await self._empty_log(0)
        finally:
            # However this ends, nobody waits for ever.
            self._closed = True
            while not self._jobs.empty():
                jobs += [job for job in [self._jobs.get_nowait()] if job is not None]
            for job in jobs:
                _settle(job.done, None, StorageError(f"{self._path} was closed before this was written"))

    async def _next(self) -> list[_QueuedWrite]:
        """Wait for writes and return those that are there; none at the end."""
        job = await self._jobs.get()
        jobs: list[_QueuedWrite] = []
        while job is not None:
            jobs.append(job)
            if self._jobs.empty() or len(jobs) == GROUP:
                return jobs
            job = self._jobs.get_nowait()
        if jobs:
            self._jobs.put_nowait(None)
        return jobs

    async def _commit(self, jobs: list[_QueuedWrite]) -> None:
        given_up = threading.Event()
        try:
            with explain_errors(self._path):
                outcomes = await self._writer.run(partial(write_together, [job.write for job in jobs], given_up))
        except asyncio.CancelledError:
            given_up.set()
            await self._writer.interrupt()
            raise
        except Exception as error:  # noqa: BLE001 (each of the callers is told)
            outcomes = [(None, error)] * len(jobs)
        for job, (result, failure) in zip(jobs, outcomes, strict=True):
            _settle(job.done, result, failure and explain(failure, self._path))


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()


def _settle(done: asyncio.Future[Any], result: Any, failure: Exception | None) -> None:
    if done.done():
        return
    if failure is None:
        done.set_result(result)
    else:
        done.set_exception(failure)


def _prepare(path: Path) -> None:
    try:
        make_private_folder(path.parent)
    except OSError as error:
        raise StorageError(f"the data folder {path.parent} can't be made: {error.strerror}") from error
    lost = find_lost_frames(path)
    if lost is not None:
        logger.error(
            "%s-wal was cut short: between 1 and %d confirmed changes, the latest ones, are gone. What came before is "
            "whole; if you have a newer backup, `scrubjay restore FILE` puts it back",
            path,
            lost.count,
        )
    ensure_private(path)  # SQLite gives its log the rights of the database
    with explain_errors(path):
        connection = connect(path)
        try:
            migrate(connection, path)
            bring_up_to_date(connection)
        finally:
            connection.close()
