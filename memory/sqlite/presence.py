"""Which processes are at work on a database: each holds a lock on a file of its own, which its end sets free.

The system lets go of a lock however a process ends, so the work of one that was killed can be taken over at once,
which a lease that must first run out does not allow. A database in WAL mode is used by one machine only
(https://sqlite.org/wal.html), so its locks tell of everyone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Self
from uuid import uuid4

from memory.file_locks import lock_file
from memory.private_files import private_opener


class Presence:
    """This process at work on the database `path`; `name` is what it signs its claims with. Blocking, but brief."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self.name = uuid4().hex

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._file is not None:
            self._file.close()
            with contextlib.suppress(OSError):  # another process may have found it free, and swept it away
                self._file_of(self.name).unlink()

    def show(self) -> None:
        """Hold the lock from now on. A process that claims nothing leaves no file. Raises OSError."""
        if self._file is None:
            file = open(self._file_of(self.name), "wb", opener=private_opener)  # noqa: SIM115 (held; see there)
            lock_file(file)
            self._file = file

    def gone(self, names: Iterable[str]) -> list[str]:
        """Return those of these processes that have ended, and sweep their files away."""
        return [name for name in names if name != self.name and self._is_gone(name)]

    def _is_gone(self, name: str) -> bool:
        path = self._file_of(name)
        try:
            with path.open("r+b") as file:
                lock_file(file)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        with contextlib.suppress(OSError):
            path.unlink()
        return True

    def _file_of(self, name: str) -> Path:
        return self._path.with_name(f"{self._path.name}-{name}.lock")
