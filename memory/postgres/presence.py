"""Which processes are at work on a database: each holds an advisory lock on a number of its own while it lives.

The server sets the lock free with the connection, however a process ends, so the work of one that was killed can be
taken over at once. The same connection listens for what other processes leave to be done.

A process that loses its connection comes back under another number, with what it is sure to be at work on. What it is
not sure of, such as a reply that may have been committed when the server went away, stays with the old number, and so
is taken over like a dead process's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from memory.errors import StorageError
from memory.postgres.connection import Connection
from memory.postgres.errors import BROKEN, explain
from memory.postgres.store import Store, connect

logger = logging.getLogger(__name__)

PROCESSES = 0x5343524C
"""The class of the advisory locks that processes hold; the migration 010 names it too."""
_TASKS = 0x5343524D
CHANNEL = "scrubjay_work"
"""Where a process says, by NOTIFY, that it leaves something to be done by whoever can."""
LIVING = "(SELECT number FROM living_processes() AS number)"
"""Selects the numbers of the processes that live."""
BEAT = 5.0
"""Seconds between two looks at whether the connection is there, and how long the server may take to answer one."""
GRACE = 15.0
"""Seconds after a lost connection in which no other process is taken for dead: they may have lost theirs with it."""
_KEEPALIVE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "3", "tcp_keepalives_count": "3"}
_RECONNECT = 0.5

_OUT_OF_REACH: tuple[type[Exception], ...] = (StorageError, *BROKEN)


class Presence:
    """This process at work on a database; `number` is what it signs its claims with, 0 until it is shown.

    `numbers` are all that it ever had: what is signed with one of them is nobody else's.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: Any = None
        self._shown = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None
        self._patient_until = 0.0
        self._stirred = asyncio.Event()
        self._is_in_doubt = False
        self._returning: list[Callable[[Collection[int], int], Awaitable[None]]] = []
        self._given_up: set[int] = set()
        self._locked: set[int] = set()
        self.number = 0
        self.numbers: set[int] = set()
        self.woken = asyncio.Event()
        self.lost = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, store: Store) -> AsyncIterator[Presence]:
        """Be present for the block, from the first claim on; a process that claims nothing holds no connection."""
        presence = cls(store)
        try:
            yield presence
        finally:
            await presence._close()

    @property
    def is_patient(self) -> bool:
        """Whether it is too early to take others for dead, because this process has just lost its own connection."""
        return time.monotonic() < self._patient_until

    async def show(self) -> int:
        """Hold the lock from now on; return the number that it is on. Raises StorageError."""
        async with self._shown:
            if self._watch is None:
                try:
                    await self._connect()
                except BROKEN as error:
                    raise explain(error, self._store.address) from error
                self._watch = asyncio.create_task(self._keep(), name="presence")
        return self.number

    def on_return(self, bring: Callable[[Collection[int], int], Awaitable[None]]) -> None:
        """Call this with the numbers given up and the new one whenever this process has taken another number."""
        self._returning.append(bring)

    @contextmanager
    def doubting(self) -> Iterator[None]:
        """Go on under another number when the block fails with StorageError, or is cancelled: it may be carried out.

        A write whose caller is cancelled goes on; nobody would know what it has signed.
        """
        try:
            yield
        except (StorageError, asyncio.CancelledError):
            self._is_in_doubt = True
            self._stirred.set()
            raise

    async def try_lock(self, name: str) -> bool:
        """Try to get the lock of this name, which is held until it is given back or the connection is lost."""
        sql = "SELECT pg_try_advisory_lock($1, hashtext($2))"
        return bool(await self._ask(sql, _TASKS, name))

    async def unlock(self, name: str) -> None:
        """Give back a lock."""
        await self._ask("SELECT pg_advisory_unlock($1, hashtext($2))", _TASKS, name)

    async def _ask(self, sql: str, *values: object) -> Any:
        """Ask on the connection; None while it is lost."""
        async with self._shown:
            if self._connection is None or self._connection.is_closed():
                return None
            try:
                return await self._connection.fetchval(sql, *values, timeout=BEAT)
            except BROKEN:  # a time-out among them, as an OSError
                self._connection.terminate()
                return None

    async def _connect(self) -> None:
        connection = await connect(self._store.address)
        try:
            for name, value in _KEEPALIVE.items():
                await connection.execute(f"SET {name} = {value}")
            number = await _take_number(connection)
            await connection.add_listener(CHANNEL, lambda *_: self.woken.set())
            connection.add_termination_listener(lambda _: self._stirred.set())
        except BaseException:
            connection.terminate()
            raise
        self._connection = connection
        self._locked.clear()
        self._sign_with(number)
        self.lost.clear()

    def _sign_with(self, number: int) -> None:
        if self.number:
            self._given_up.add(self.number)
        self.number = number
        self.numbers.add(number)
        self._locked.add(number)

    async def _keep(self) -> None:
        """Look after the connection, and connect again whenever it is lost."""
        while True:
            if self._connection is None:
                await asyncio.sleep(_RECONNECT)
                await self._reconnect()
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), BEAT)
            self._stirred.clear()
            if await self._ask("SELECT 1") is None:
                self._note_loss()
            elif self._is_in_doubt:
                await self._renew()
            elif self._given_up:
                await self._give_up()

    def _note_loss(self) -> None:
        logger.warning("The connection that shows this process to others is lost; it is made again")
        self._connection = None
        self._patient_until = time.monotonic() + GRACE
        self.lost.set()

    async def _renew(self) -> None:
        """Take another number."""
        self._is_in_doubt = False  # before that: whatever fails under the new number is in doubt again
        try:
            async with self._shown:
                self._sign_with(await _take_number(self._connection))
        except _OUT_OF_REACH:
            self._is_in_doubt = True  # tried again at the next beat, or after the connection is made again
        else:
            await self._give_up()

    async def _reconnect(self) -> None:
        self._is_in_doubt = False
        try:
            async with self._shown:
                await self._connect()
        except _OUT_OF_REACH as error:
            logger.info("The database is out of reach: %s", error)
        else:
            self._patient_until = time.monotonic() + GRACE
            await self._give_up()

    async def _give_up(self) -> None:
        """Bring along what is sure to be this process's, then set the old numbers free, with what is left.

        What can't be brought now stays under an old number, which is held, until the next beat.
        """
        given_up = frozenset(self._given_up)
        try:
            for bring in self._returning:
                await bring(given_up, self.number)
        except _OUT_OF_REACH as error:
            logger.info("What this process works on can't be signed with its new number yet: %s", error)
            return
        for number in given_up & self._locked:
            await self._ask("SELECT pg_advisory_unlock($1, $2)", PROCESSES, number)
        self._locked -= given_up
        self._given_up -= given_up
        self.woken.set()

    async def _close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._connection is not None:
            # Set free before the connection is closed, which the server may notice a little later.
            await self._ask("SELECT pg_advisory_unlock_all()")
            with contextlib.suppress(*BROKEN):
                await self._connection.close(timeout=BEAT)


async def _take_number(connection: Any) -> int:
    """Return a number that no process has, and hold the lock on it."""
    number = int(await connection.fetchval("SELECT nextval('process_numbers')"))
    await connection.execute("SELECT pg_advisory_lock($1, $2)", PROCESSES, number)
    return number


async def wake_others(connection: Connection) -> None:
    """Tell all processes, once this is committed, that there is something to be done. Run in a transaction."""
    await connection.execute(f"NOTIFY {CHANNEL}")
