"""Opens SQLite connections that can search vectors.

`pysqlite3` brings a recent SQLite in its wheel, and is used where it is installed. Python's own `sqlite3` is as old as
the system (Debian 12: 3.40, which can't delete securely from the word index), and many builds of it can't load
extensions. The two have the same interface; their exceptions are other classes, so the ones to catch are named here.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import sqlite_vec

from memory.errors import RecordOrphaned, RecordRefused, StorageError
from memory.sqlite.connection import Connection

APPLICATION_ID = 0x5343524A
"""The mark in a database's header that it is Scrubjay's ("SCRJ")."""

BUSY_SECONDS = 30.0
"""How long a write waits for another process before it gives up."""

MAPPED_BYTES = 8 << 30
"""How much of the file readers see as memory: vectors lie all over it, and copying pages is most of their cost."""


def _pick() -> Any:
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:  # on Windows, where Python brings a recent SQLite that loads extensions
        return sqlite3


_dbapi = _pick()
Error = cast("type[Exception]", _dbapi.Error)
"""The root of the database's own exceptions."""
_REFUSALS = cast("tuple[type[Exception], ...]", (_dbapi.IntegrityError, _dbapi.DataError, _dbapi.InterfaceError))
"""What is raised for one record, however healthy the database is."""


def version() -> str:
    """Return the version of the SQLite library in use."""
    return str(_dbapi.sqlite_version)


_NOTHING: dict[None, None] = {}
"""Its `get` returns None for None, and is faster than a function of ours."""


def _adapt_plainly() -> None:
    """Have NULL and bytes bound as they are, at once.

    For what is no plain number or text the library looks for an adapter, then for the protocol's and the object's own
    methods, and raises two errors inside before it takes the value as it is: three microseconds for each NULL.
    """
    _dbapi.register_adapter(type(None), _NOTHING.get)
    _dbapi.register_adapter(bytes, bytes)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a connection with sqlite-vec loaded; blocking."""
    _adapt_plainly()
    mode = "ro" if read_only else "rwc"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = _dbapi.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        connection.enable_load_extension(True)  # noqa: FBT003 (the DB-API's own signature)
        sqlite_vec.load(connection)
        connection.enable_load_extension(False)  # noqa: FBT003
        _configure(connection, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return cast("sqlite3.Connection", connection)


def _configure(connection: Any, *, read_only: bool) -> None:
    connection.create_function("contains", 2, _contains, deterministic=True)
    connection.create_function("same", 2, _same, deterministic=True)
    connection.create_function("joined", 1, _join_blanks, deterministic=True)
    connection.create_function("find_words", 2, _find_words, deterministic=True)
    # FULL survives a power cut, not only a kill; secure_delete overwrites what is forgotten.
    if read_only:
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
    else:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -16384")


def _contains(text: str, part: str) -> bool:
    """Tell whether `part` occurs in `text`, case ignored in every script; SQL's LIKE folds ASCII only."""
    return part.casefold() in text.casefold()


def _same(text: str | None, other: str | None) -> bool | None:
    """Tell whether two names are the same, case ignored in every script; NULL if either is, as SQL has it."""
    return None if text is None or other is None else text.casefold() == other.casefold()


def _join_blanks(text: str) -> str:
    """Return a text on one line, with single blanks."""
    return " ".join(text.split())


def _find_words(text: str | None, words: str) -> str | None:
    """Return those of the words, one a line and folded, that occur in a text, case ignored; NULL when none does."""
    if text is None or not words:
        return None
    folded = text.casefold()
    return "\n".join(word for word in words.split("\n") if word in folded) or None


def connect_async(path: Path, *, read_only: bool = False) -> Connection:
    """Return an unopened connection; `async with` opens it in a thread of its own."""
    return Connection(lambda: connect(path, read_only=read_only), 64)


@contextmanager
def explain_errors(path: Path) -> Iterator[None]:
    """Turn the database's exceptions into a StorageError that says what to do."""
    try:
        yield
    except Error as error:
        raise explain(error, path) from error


def explain(error: Exception, path: Path) -> Exception:
    """Return a StorageError that says what to do for a database error, and any other error as it is."""
    if not isinstance(error, Error):
        return error
    plain = _kind_of(error)(_advice(error, path))
    plain.__cause__ = error
    return plain


def _kind_of(error: Exception) -> type[StorageError]:
    if "foreign key" in str(error).lower():
        return RecordOrphaned
    return RecordRefused if isinstance(error, _REFUSALS) or "binding parameter" in str(error) else StorageError


_RESTORE_OR_CHOOSE = "restore a backup with `scrubjay restore FILE`, or choose another data folder with --data"
_ADVICE = (
    (("locked", "busy"), "is locked by another process; close it, or try again in a moment"),
    (("readonly", "read-only"), "can't be written; check its permissions and those of its folder"),
    (("full",), "is on a disk that is full; free some space, nothing that was confirmed is lost"),
    (("disk i/o",), "can't be read or written: the disk reports an error; check it, its quota and its free space"),
    (("not a database",), "is not a Scrubjay database, or its beginning is damaged; " + _RESTORE_OR_CHOOSE),
    (("malformed", "corrupt"), "is damaged; restore a backup with `scrubjay restore FILE`"),
    (("foreign key",), "no longer holds what this belongs to: it was forgotten meanwhile; ask for it again"),
    (("unable to open",), "can't be opened; check that its folder exists and may be written"),
)


def _advice(error: Exception, path: Path) -> str:
    said = str(error).lower()
    for marks, advice in _ADVICE:
        if any(mark in said for mark in marks):
            return f"{path} {advice}"
    return f"{path}: {error}"
