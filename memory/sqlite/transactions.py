"""Transactions, as they run in a connection's thread: writes that share a commit, and questions that see one state."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from typing import Any, TypeVar

import aiosqlite

from memory.errors import StorageError
from memory.sqlite.connection import Work
from memory.sqlite.database import Error

T = TypeVar("T")

Outcome = tuple[Any, Exception | None]
"""What a write returned, and what it raised."""


async def see_one_state(work: Work[T], connection: aiosqlite.Connection) -> T:
    """Run `work` so that all its queries see one state of the database; return its result."""
    await connection.execute_fetchall("BEGIN")
    try:
        return await work(connection)
    finally:
        await connection.execute_fetchall("ROLLBACK")


async def write_together(
    writes: Sequence[Work[Any]], given_up: threading.Event, connection: aiosqlite.Connection
) -> list[Outcome]:
    """Run writes in one transaction and return the outcome of each. Raises StorageError once they are `given_up`."""
    try:
        await connection.execute_fetchall("BEGIN IMMEDIATE")
        outcomes = [await _attempt(write, connection) for write in writes if not given_up.is_set()]
        if given_up.is_set():
            raise StorageError("the program is ending")  # noqa: TRY301 (rolled back like any other failure)
        await connection.execute_fetchall("COMMIT")
    except BaseException:
        with contextlib.suppress(Error):  # after some errors the database has done so itself
            if connection.in_transaction:
                await connection.execute_fetchall("ROLLBACK")
        raise
    return outcomes


async def _attempt(write: Work[Any], connection: aiosqlite.Connection) -> Outcome:
    """Run one write under a savepoint: its failure undoes it alone."""
    await connection.execute_fetchall("SAVEPOINT one")
    try:
        result = await write(connection)
    except Exception as error:
        if isinstance(error, Error) and not connection.in_transaction:
            raise  # the database has given up the whole transaction (disk full, I/O error)
        await connection.execute_fetchall("ROLLBACK TO one")
        await connection.execute_fetchall("RELEASE one")
        return None, error
    await connection.execute_fetchall("RELEASE one")
    return result, None
