"""Brings a database to the newest layout, one migration after another."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from memory.errors import NewerSchemaError, StorageError
from memory.sqlite.database import APPLICATION_ID, BUSY_SECONDS, Error
from memory.sqlite.migrations import read_migrations

_PAUSE = 0.05  # seconds
_TRIES = int(BUSY_SECONDS / _PAUSE)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database to the newest version, each step in one transaction; blocking.

    Raises NewerSchemaError for a database from the future, StorageError for one that is not Scrubjay's.
    """
    found, newest = _version(connection), len(read_migrations())
    if found > newest:
        raise NewerSchemaError(
            f"{path} was written by a newer Scrubjay (schema {found}, this one knows {newest}); "
            "upgrade Scrubjay to open it"
        )
    _refuse_strangers(connection, path, found)
    _use_write_ahead_log(connection)
    while _version(connection) < newest:
        _step(connection)


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the log on. SQLite does not wait for another process that is just doing the same, so this does."""
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except Error as error:
            if "locked" not in str(error):
                raise
            time.sleep(_PAUSE)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_strangers(connection: sqlite3.Connection, path: Path, found: int) -> None:
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if mark != APPLICATION_ID and not (empty and found == 0):
        raise StorageError(
            f"{path} is the database of another program, not Scrubjay's, or its beginning is damaged; restore a backup "
            "with `scrubjay restore FILE`, or choose another data folder with --data"
        )


def _step(connection: sqlite3.Connection) -> None:
    # Taken before the version is read again: another process may be migrating at this moment.
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        if version < len(read_migrations()):
            for statement in _statements(read_migrations()[version]):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    """Split a script at its semicolons: `executescript` would commit the open transaction."""
    statements: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
