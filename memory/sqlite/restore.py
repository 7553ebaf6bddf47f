"""A backup in place of the database: checked first, and the old one kept aside."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

from memory.errors import StorageError
from memory.private_files import create_private, make_private_folder
from memory.sqlite.database import APPLICATION_ID, Error, connect, explain_errors
from memory.sqlite.schema import migrate

_SIDE_FILES = ("-wal", "-shm")


def put_in_place(source: Path, target: Path, aside: Path) -> bool:
    """Copy the backup `source` to `target`, whose database is moved to `aside`; say whether there was one. Blocking.

    Raises StorageError, and changes nothing, when `source` is not a sound database of Scrubjay's or `target` is in use.
    """
    part = target.with_name(f".{target.name}.restore")
    try:
        make_private_folder(target.parent)
        _copy(source, part)
        _check(source, part)
        replaced = target.exists()
        if replaced:
            _refuse_in_use(target)
            _move(target, aside)
        part.replace(target)
    except OSError as error:
        raise StorageError(f"{error.filename or target}: {error.strerror}") from error
    finally:
        for name in ("", *_SIDE_FILES):
            part.with_name(part.name + name).unlink(missing_ok=True)
    return replaced


def _copy(source: Path, part: Path) -> None:
    log = source.with_name(f"{source.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StorageError(f"{source} is a database in use, no backup; make one with `scrubjay backup FILE`")
    part.unlink(missing_ok=True)
    with source.open("rb") as backup, os.fdopen(create_private(part), "wb") as copy:
        shutil.copyfileobj(backup, copy)


def _check(source: Path, part: Path) -> None:
    """Bring the copy up to date and check it; `source` is what an error names."""
    with explain_errors(source):
        connection = connect(part)
        try:
            if not _is_ours(connection):
                raise StorageError(f"{source} is not a backup of Scrubjay's")
            migrate(connection, source)
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
            if problems != ["ok"]:
                raise StorageError(f"{source} is damaged: {problems[0].splitlines()[-1]}")
            connection.execute("PRAGMA journal_mode = DELETE")  # all of it in one file
        finally:
            connection.close()


def _is_ours(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)


def _refuse_in_use(target: Path) -> None:
    """Fold the log into the file, which only works when nobody else has it open. A damaged file is let pass."""
    try:
        connection = connect(target)
    except Error:
        return
    try:
        connection.execute("PRAGMA busy_timeout = 500")
        connection.execute("PRAGMA journal_mode = DELETE")
    except Error as error:
        if "locked" in str(error):
            raise StorageError(f"{target} is in use; stop Scrubjay first, then restore") from error
    finally:
        connection.close()


def _move(target: Path, aside: Path) -> None:
    for name in ("", *_SIDE_FILES):
        file = target.with_name(target.name + name)
        if file.exists():
            file.replace(aside.with_name(aside.name + name))
