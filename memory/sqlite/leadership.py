"""The leadership facet: which process does a task, by a lock on a file beside the database."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO

from memory import task_lock
from memory.file_locks import lock_file
from memory.private_files import private_opener


class SqliteLeadership:
    """Lets the holder of a file's lock do a task; see `memory.engine.Leadership`."""

    def __init__(self, database: Path) -> None:
        self._database = database

    async def lead(self, task: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run the work while this process holds the task's lock."""
        name = re.sub(r"\W+", "-", task)
        await task_lock.lead(_Lock(self._database.with_name(f"{self._database.name}-{name}.lock")), task, work)


class _Lock:
    """The lock on one file, which is there while somebody holds it. The system lets go of it however a process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    async def acquire(self) -> bool:
        """Try to get it."""
        self._file = await asyncio.to_thread(self._try)
        return self._file is not None

    async def wait_until_lost(self) -> None:
        """Wait for ever: a lock on a file is not lost."""
        await asyncio.Event().wait()

    async def release(self) -> None:
        """Remove the file, and give back the lock."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # where an open file can't be removed it stays, and is used again
                self._path.unlink()
            self._file.close()
            self._file = None

    def _try(self) -> IO[bytes] | None:
        file = open(self._path, "ab", opener=private_opener)  # noqa: SIM115 (held while it is this process's turn)
        try:
            lock_file(file)
            # Who held it before may have removed it, and another process have made a new one since it was opened.
            if os.path.samestat(os.fstat(file.fileno()), self._path.stat()):
                return file
        except OSError:
            pass
        file.close()
        return None
