"""A database connection that does a whole piece of work in one go, in its own thread.

aiosqlite hands every statement from the event loop to the connection's thread and back, which costs as much as a small
statement does, and leaves the transaction open meanwhile. Here the code keeps its shape, coroutines that await a
connection, and goes over to the thread once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

import aiosqlite

T = TypeVar("T")
Work = Callable[[aiosqlite.Connection], Awaitable[T]]
"""A coroutine function of a connection; it must await nothing but that connection."""


class Connection(aiosqlite.Connection):
    """A connection with a thread of its own."""

    async def __aenter__(self) -> Self:
        """Open it, in its thread."""
        await super().__aenter__()
        return self

    async def run(self, work: Work[T]) -> T:
        """Run `work` in the connection's thread, and return its result.

        When the caller is cancelled the work is still carried out. Raises RuntimeError for work that awaits something
        else than the connection.
        """
        result: T = await self._execute(_drive, work, _Inline(self._conn))  # type: ignore[no-untyped-call]  # the base's
        return result


def run_here(connection: sqlite3.Connection, work: Work[T]) -> T:
    """Run `work` on a plain connection, in the thread that calls. Raises RuntimeError as `Connection.run` does."""
    return _drive(work, _Inline(connection))


class _Inline(aiosqlite.Connection):
    """The same connection as its own thread sees it: every call is carried out at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(lambda: connection, 64)
        self._open = connection

    @property
    def _conn(self) -> sqlite3.Connection:
        return self._open

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)


def _drive(work: Work[T], connection: aiosqlite.Connection) -> T:
    """Run work to its end: on an inline connection nothing in it ever waits."""
    steps = _await_work(work, connection)
    try:
        steps.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    steps.close()
    raise RuntimeError("work on the database may await nothing but its connection")


async def _await_work(work: Work[T], connection: aiosqlite.Connection) -> T:
    return await work(connection)
