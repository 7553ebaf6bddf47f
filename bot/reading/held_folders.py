"""Temporary folders that count as in use while the process that made them lives, however long nothing changes there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from memory.file_locks import lock_file

_HELD = ".held"


@contextmanager
def hold_folder(prefix: str) -> Iterator[Path]:
    """Make a folder among the system's temporary files that only this user can read, and remove it in the end.

    One that a killed process leaves is known by its lock: `bot.jobs.leftovers` removes it.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        with (folder / _HELD).open("wb") as held:
            lock_file(held)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_held(folder: Path) -> bool | None:
    """Say whether the process that holds a folder still lives; None for a folder that nobody ever held."""
    try:
        with (folder / _HELD).open("rb+") as held:
            lock_file(held)
    except FileNotFoundError:
        return None
    except OSError:
        return True
    return False
