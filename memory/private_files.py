"""Files and folders that nobody else on the machine may read, from their first byte and whatever the umask."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_POSIX = os.name == "posix"


def make_private_folder(folder: Path) -> None:
    """Make a folder for its owner alone; one that is there stays as it is. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def create_private(path: Path) -> int:
    """Create an empty file for its owner alone; return its descriptor. Raises OSError, as when it is there already."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)


@contextmanager
def write_whole(file: Path) -> Iterator[Path]:
    """Give an empty private file beside a new one, and put it in its place once the block has written all of it.

    Raises FileExistsError where there is such a file already, and OSError as writing does; nothing half-written stays.
    """
    if file.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file))
    part = file.with_name(f".{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(create_private(part))
        yield part
        part.replace(file)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def private_opener(path: str, flags: int) -> int:
    """Open a file as `open` asks; one that is made is for its owner alone. For its argument `opener`."""
    return os.open(path, flags, 0o600)


def ensure_private(path: Path) -> None:
    """Create an empty file for its owner alone if there is none; what can't be made is told by who opens it next."""
    with suppress(OSError):
        os.close(create_private(path))


def readable_by_others(folder: Path, *, besides: frozenset[str] = frozenset()) -> list[Path]:
    """Return what others may read of a folder: itself and all in it, but for the entries named in `besides`."""
    if not _POSIX or not folder.is_dir():
        return []
    return [path for path in _walk(folder, besides) if _is_open(path)]


def close_to_others(paths: list[Path]) -> int:
    """Take the rights of others away; return how many could not be changed, such as another user's."""
    failed = 0
    for path in paths:
        try:
            path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~_OTHERS)
        except OSError:
            failed += 1
    return failed


def _walk(folder: Path, besides: frozenset[str]) -> Iterator[Path]:
    yield folder
    for entry in folder.iterdir():
        if entry.name in besides or entry.is_symlink():
            continue
        yield entry
        if entry.is_dir():
            yield from (path for path in entry.rglob("*") if not path.is_symlink())


def _is_open(path: Path) -> bool:
    with suppress(OSError):
        return bool(path.lstat().st_mode & _OTHERS)
    return False
