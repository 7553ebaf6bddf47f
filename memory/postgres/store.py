"""A pool of connections to one database: reads, and writes in transactions that are run again after a conflict."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from memory.addresses import without_password
from memory.errors import StorageError
from memory.postgres.connection import Connection, Row, Work
from memory.postgres.errors import CONFLICTS, explain, explain_errors, is_lost
from memory.postgres.reader import confine, prepare_reader
from memory.postgres.schema import migrate
from memory.private_files import make_private_folder
from memory.records import Scope

T = TypeVar("T")

CONNECTIONS = 8
"""The most connections that one process holds, but for its presence."""
CONNECT_SECONDS = 10.0
"""How long a server may take to answer."""
POOL_SECONDS = 30.0
"""How long a connection of the pool may take to be free: all conversations of a busy process share them."""
TRIES = 10
"""How often a transaction is tried that others keep from succeeding, or whose server goes away before it commits."""
READ_ONLY_TRIES = 7
"""How often it is tried where the server takes no writes any more; three seconds in all."""
PAUSE = 0.05
"""Seconds before the second try; each further pause is twice as long."""
SETTINGS = {
    "application_name": "scrubjay",
    "lock_timeout": "30000",
    "statement_timeout": "300000",
    "idle_in_transaction_session_timeout": "60000",
    "search_path": "scrubjay, public",
    "jit": "off",
    "row_security": "off",
}
"""In milliseconds, where they are times. Compiling a query (jit) takes longer than any of these queries does. Without
row security whoever does not own the tables is refused, and not shown a part of them."""


class Store:
    """Runs writes in transactions, and reads beside them, on a pool of connections.

    `folder` is where what is kept in files lies, on this machine; `reader` is the role in which reads within a scope
    run, None where this user has none (`memory.postgres.reader`).
    """

    def __init__(self, address: str, folder: Path, pool: Any, reader: str | None) -> None:
        self.address = address
        self.folder = folder
        self.reader = reader
        self._pool = pool
        self._queued = asyncio.Event()
        self._writes: set[asyncio.Future[Any]] = set()
        self.patience = POOL_SECONDS
        """Seconds that a piece of work waits for a connection."""

    @classmethod
    @asynccontextmanager
    async def open(cls, address: str, folder: Path, *, moving: bool = False) -> AsyncIterator[Store]:
        """Connect, and bring the database to the newest layout. Raises StorageError.

        A database that a memory is being moved to is opened by the move alone.
        """
        try:
            make_private_folder(folder)
        except OSError as error:
            raise StorageError(f"the data folder {folder} can't be made: {error.strerror}") from error
        with explain_errors(address):
            first = await connect(address)
            try:
                await migrate(Connection(first), address)
                reader = await prepare_reader(Connection(first))
                if not moving:
                    await _refuse_half_moved(Connection(first), address)
            finally:
                await first.close()
            # No least number: asyncpg would log each of its tries to restore that while a server restarts.
            pool = await asyncpg.create_pool(min_size=0, max_size=CONNECTIONS, **_options(address))
        store = cls(address, folder, pool, reader)
        try:
            yield store
        finally:
            await store._finish_writes()
            await _close(pool)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Lend a connection for reading: each statement sees what is committed when it begins."""
        with explain_errors(self.address):
            async with self._lend() as raw:
                yield Connection(raw)

    async def read(self, sql: str, *values: object) -> list[Row]:
        """Run one query and return all its rows."""
        return await self._repeat(lambda connection: connection.fetch(sql, *values), None)

    async def read_within(self, scope: Scope, sql: str, *values: object) -> list[Row]:
        """Run one query, which the server shows nothing from outside the scope; return all its rows."""
        return await self.ask_within(scope, lambda connection: connection.fetch(sql, *values))

    async def ask(self, work: Work[T]) -> T:
        """Run `work`, a question of several statements, on one state of the database; return its result."""
        return await self._repeat(work, {"isolation": "repeatable_read", "readonly": True})

    async def ask_within(self, scope: Scope, work: Work[T]) -> T:
        """Run `work` as `ask` does; the server shows it nothing from outside the scope."""
        reader = self.reader
        if reader is None or scope.everything:
            return await self.ask(work)

        async def work_confined(connection: Connection) -> T:
            await confine(connection, reader, scope)
            return await work(connection)

        return await self.ask(work_confined)

    async def write(self, write: Work[T], *, repeatable: bool = False) -> T:
        """Run `write` in a transaction and return its result once that is committed.

        It is run again when it met another transaction, or lost its connection before it was to be committed; one that
        is `repeatable` also when that was lost meanwhile, which leaves open whether it was. When the caller is
        cancelled the write is still carried out, as with the other engine.
        """
        writing = asyncio.ensure_future(self._repeat(write, {}, repeatable=repeatable))
        self._writes.add(writing)
        writing.add_done_callback(self._writes.discard)
        return await asyncio.shield(writing)

    def announce_queued(self) -> None:
        """Tell who waits in `wait_for_queued` that a write has put texts into the embedding queue."""
        self._queued.set()

    async def wait_for_queued(self, seconds: float) -> None:
        """Return when something was announced since the last call, after `seconds` at the latest."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._queued.wait()
        self._queued.clear()

    async def _finish_writes(self) -> None:
        """Let writes end whose callers were cancelled: they may still wait for a connection."""
        if self._writes:
            await asyncio.wait(self._writes, timeout=CONNECT_SECONDS)

    async def _repeat(self, work: Work[T], transaction: dict[str, Any] | None, *, repeatable: bool = False) -> T:
        """Run work, in a transaction with these options if there are any, until it is not in others' way."""
        for attempt in range(TRIES):
            try:
                return await self._run(work, transaction, repeatable=repeatable)
            except _Retry as retry:
                if attempt + 1 >= retry.tries:
                    raise explain(retry.error, self.address) from retry.error
                await asyncio.sleep(PAUSE * 2**attempt)
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def _lend(self) -> AsyncIterator[Any]:
        """Lend a connection of the pool. Raises StorageError when all of them stay in use."""
        try:
            raw = await self._pool.acquire(timeout=self.patience)
        except TimeoutError as error:
            if self._pool.get_size() < self._pool.get_max_size() or self._pool.get_idle_size():
                raise
            raise StorageError(
                f"{without_password(self.address)}: all {self._pool.get_max_size()} connections of this process have "
                f"been in use for {self.patience:g} seconds; try again when it is less busy"
            ) from error
        try:
            yield raw
        except asyncpg.ReadOnlySQLTransactionError:
            # Another server may be the primary by now: every connection is made again, to whichever takes writes.
            await self._pool.expire_connections()
            raise
        finally:
            await self._pool.release(raw)

    async def _run(self, work: Work[T], transaction: dict[str, Any] | None, *, repeatable: bool) -> T:
        committing = False
        try:
            async with self._lend() as raw:
                if transaction is None:
                    return await work(Connection(raw))
                async with raw.transaction(**transaction):
                    result = await work(Connection(raw))
                    # A connection that is lost from here on leaves it open whether the transaction was committed.
                    committing = "readonly" not in transaction and not repeatable
            return result  # noqa: TRY300 (the transaction's end is part of what may fail)
        except CONFLICTS as error:
            raise _Retry(error) from error
        except asyncpg.ReadOnlySQLTransactionError as error:
            raise _Retry(error, READ_ONLY_TRIES) from error
        except Exception as error:
            if self._pool.is_closing():
                raise StorageError(f"{without_password(self.address)} is closed already") from error
            if is_lost(error) and not committing:
                raise _Retry(error) from error
            plain = explain(error, self.address)
            if plain is error:
                raise
            raise plain from error


class _Retry(Exception):  # noqa: N818 (a signal, not a failure)
    """Raised to try again, until it was tried so often; `error` is why."""

    def __init__(self, error: Exception, tries: int = TRIES) -> None:
        super().__init__(str(error))
        self.error = error
        self.tries = tries


async def connect(address: str) -> Any:
    """Return a connection of its own. Raises what asyncpg does."""
    return await asyncpg.connect(**_options(address))


def _options(address: str) -> dict[str, Any]:
    """Return how to connect; of several servers, the one that takes writes is meant, whatever their order."""
    options: dict[str, Any] = {"dsn": address, "timeout": CONNECT_SECONDS, "server_settings": SETTINGS}
    if "," in address and "target_session_attrs" not in address:
        options["target_session_attrs"] = "read-write"
    return options


async def _refuse_half_moved(connection: Connection, address: str) -> None:
    source = await connection.fetch_value("SELECT source FROM moving")
    if source is not None:
        raise StorageError(
            f"{without_password(address)} has only a part of the memory that is moved to it from {source}; run "
            "`scrubjay move` again, which goes on with it"
        )


async def _close(pool: Any) -> None:
    """Close the pool; what a connection still does after some seconds is broken off."""
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await pool.close()
    except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        pool.terminate()
