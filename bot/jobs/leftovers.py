"""Removes what a process that was killed has left on the disk: files it was reading, and backups not encrypted yet."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from bot.reading.held_folders import is_held

logger = logging.getLogger(__name__)

BACKUPS = ("backup-",)
"""Beside the database: a backup for as long as it is being encrypted, or after it was decrypted."""
FILES = (
    *("scrubjay-file-", "scrubjay-fetch-", "scrubjay-enclosed-", "scrubjay-web-", "scrubjay-archive-"),
    *("scrubjay-import-", "scrubjay-read-", "scrubjay-backup-"),
)
"""Where the system keeps temporary files: what people have sent, for as long as it is read."""
_EVERY = timedelta(hours=1)
_UNTOUCHED_BACKUP = timedelta(hours=1)
_UNTOUCHED_FILE = timedelta(days=1)
"""After this nobody works on it any more; long recordings are listened to for hours."""


async def remove_leftovers_regularly(data_folder: Path) -> None:
    """Look for leftovers now and every hour, without end."""
    while True:
        removed = await asyncio.to_thread(remove_all_leftovers, data_folder)
        if removed:
            logger.info("Removed %d folders that a process which was killed had left", removed)
        await asyncio.sleep(_EVERY.total_seconds())


def remove_all_leftovers(data_folder: Path) -> int:
    """Remove what was left in the data folder and among temporary files; return how many folders. Blocking."""
    temporary = Path(tempfile.gettempdir())
    return remove_leftovers(data_folder, BACKUPS, _UNTOUCHED_BACKUP) + remove_leftovers(
        temporary, FILES, _UNTOUCHED_FILE
    )


def remove_leftovers(parent: Path, prefixes: Sequence[str], untouched: timedelta) -> int:
    """Remove this user's folders of these names that nobody works on any more; return how many.

    One that was held goes once its process has ended, any other when nothing in it has changed for so long.
    """
    removed = 0
    for folder in _list_folders(parent, prefixes):
        with suppress(OSError):  # it goes away meanwhile
            if _is_left(folder, untouched):
                shutil.rmtree(folder)
                removed += 1
    return removed


def _is_left(folder: Path, untouched: timedelta) -> bool:
    held = is_held(folder)
    return time.time() - _last_change(folder) > untouched.total_seconds() if held is None else not held


def _list_folders(parent: Path, prefixes: Sequence[str]) -> Iterator[Path]:
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith(tuple(prefixes)) and entry.is_dir(follow_symlinks=False) and _is_ours(entry):
                yield Path(entry.path)


def _is_ours(entry: os.DirEntry[str]) -> bool:
    return not hasattr(os, "getuid") or entry.stat(follow_symlinks=False).st_uid == os.getuid()


def _last_change(folder: Path) -> float:
    return max(each.lstat().st_mtime for each in (folder, *folder.rglob("*")))
