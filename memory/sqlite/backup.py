"""A consistent copy of the database, made while it is in use."""

from __future__ import annotations

import os
from pathlib import Path

from memory.errors import StorageError
from memory.private_files import create_private
from memory.sqlite.database import connect, explain_errors


def back_up(source: Path, target: Path) -> None:
    """Copy the database to `target`, which must not exist yet; nothing half-written stays behind. Blocking."""
    if target.exists():
        raise StorageError(f"{target} exists already; choose another file for the backup")
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(create_private(part))  # SQLite writes into an empty file as into none
        with explain_errors(target):
            reader = connect(source, read_only=True)
            try:
                reader.execute("PRAGMA query_only = OFF")  # it forbids to write the copy as well
                reader.execute("VACUUM INTO ?", [str(part)])
            finally:
                reader.close()
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        advice = "check that its folder exists and may be written, or choose another place"
        raise StorageError(f"{target} can't be written: {error.strerror}; {advice}") from error
    finally:
        part.unlink(missing_ok=True)


def compact(path: Path) -> None:
    """Rewrite the database without its empty pages, and empty its write-ahead log. Blocking."""
    with explain_errors(path):
        connection = connect(path)
        try:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
