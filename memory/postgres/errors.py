"""Turns what asyncpg raises into the memory's errors, each with a sentence that says what to do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from memory.addresses import without_password
from memory.errors import RecordOrphaned, RecordRefused, StorageError

CONNECTION_LOST: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TargetServerAttributeNotMatched,
    ConnectionError,
    OSError,
)
"""What is raised when the server is gone, or going."""
BROKEN: tuple[type[Exception], ...] = (asyncpg.InterfaceError, *CONNECTION_LOST)
"""What is raised on a connection that is lost by now, or does not answer in time."""
CONFLICTS: tuple[type[Exception], ...] = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InvalidCachedStatementError,
)
"""What is raised for a transaction that succeeds when it is run again."""
_REFUSALS: tuple[type[Exception], ...] = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.DataError,
    asyncpg.ProgramLimitExceededError,
)
_ALL = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.TargetServerAttributeNotMatched,
    ConnectionError,
    OSError,
    TimeoutError,
)


def is_lost(error: Exception) -> bool:
    """Tell whether an error says that the connection is gone."""
    closed = isinstance(error, asyncpg.InterfaceError) and "closed" in str(error)
    return closed or (isinstance(error, CONNECTION_LOST) and not isinstance(error, TimeoutError))


@contextmanager
def explain_errors(address: str) -> Iterator[None]:
    """Turn the database's exceptions into a StorageError that says what to do."""
    try:
        yield
    except _ALL as error:
        raise explain(error, address) from error


def explain(error: Exception, address: str) -> Exception:
    """Return a StorageError that says what to do for a database error, and any other error as it is."""
    if not isinstance(error, _ALL):
        return error
    plain = _kind_of(error)(f"{without_password(address)} {_advise(error)}")
    plain.__cause__ = error
    return plain


def _kind_of(error: Exception) -> type[StorageError]:
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return RecordOrphaned
    return RecordRefused if isinstance(error, _REFUSALS) else StorageError


_ADVICE: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (asyncpg.InvalidPasswordError, "refuses the password; check the address in [memory] store"),
    (asyncpg.InvalidAuthorizationSpecificationError, "refuses this user; check the address in [memory] store"),
    (asyncpg.InvalidCatalogNameError, "has no such database; create it with `createdb`, or correct [memory] store"),
    (asyncpg.ReadOnlySQLTransactionError, "can only be read: it is a replica; name the primary in [memory] store"),
    (asyncpg.TooManyConnectionsError, "has no connection left; raise its max_connections, or stop other programs"),
    (asyncpg.InsufficientPrivilegeError, "does not let this user do that; give it the rights of the tables' owner"),
    (asyncpg.DiskFullError, "is on a disk that is full; free some space, nothing that was confirmed is lost"),
    (asyncpg.LockNotAvailableError, "is held by another process for too long; try again in a moment"),
    (asyncpg.QueryCanceledError, "took longer than its statement timeout allows; try again when it is less busy"),
    (
        asyncpg.ForeignKeyViolationError,
        "no longer holds what this belongs to: it was forgotten meanwhile; ask for it again",
    ),
    (
        asyncpg.TargetServerAttributeNotMatched,
        "can only be read: no server there is a primary; name it in [memory] store",
    ),
    (socket.gaierror, "is not found: no machine of that name is known here; check [memory] store and the network"),
    ((ConnectionRefusedError, FileNotFoundError), "does not answer: no server listens there; check [memory] store"),
    (TimeoutError, "does not answer in time; check the network"),
)  # fmt: skip


def _advise(error: Exception) -> str:
    told = next((advice for kinds, advice in _ADVICE if isinstance(error, kinds)), None)
    said = " ".join(str(error).split())
    if told is None and is_lost(error):
        told = "broke off the connection; what was confirmed is stored, try again in a moment"
    if told is None:
        return f"reports: {said}"
    return f"{told} ({said})" if said else told
