"""A folder of files that are made once and then trusted only while their digests hold."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_MANIFEST = "digests.json"
_ABANDONED = 3600.0
"""Seconds after which the scratch folder of a build was surely left by one that was killed."""


def build_once(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make sure that `folder` holds, whole, what `fill` writes into the empty folder that it is given.

    It appears under its name in one step and on disk, so a reader or a crash never meets half of it. Several
    processes may build at once: the first to finish is kept. A folder with a damaged file is replaced.
    Raises OSError, and whatever `fill` raises; then nothing is left behind.
    """
    if is_intact(folder):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
        made = Path(scratch, "made")
        made.mkdir()
        fill(made)
        _seal(made)
        _put_in_place(made, folder, aside=Path(scratch, "damaged"))
    _flush(folder.parent)


def is_intact(folder: Path) -> bool:
    """Say whether every file that `build_once` put into `folder` is there with its digest unchanged."""
    try:
        digests = json.loads((folder / _MANIFEST).read_bytes())
        return all(sha256_of(folder / name) == digest for name, digest in digests.items())
    except (OSError, ValueError, AttributeError):
        return False


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sweep(folder: Path) -> None:
    for scratch in folder.parent.glob(f".{folder.name}.*"):
        with contextlib.suppress(FileNotFoundError):  # swept by another process, or its builder is done
            if time.time() - scratch.stat().st_mtime > _ABANDONED:
                shutil.rmtree(scratch, ignore_errors=True)


def _seal(folder: Path) -> None:
    """Write the manifest and force everything to disk."""
    digests = {path.name: sha256_of(path) for path in sorted(folder.iterdir())}
    (folder / _MANIFEST).write_text(json.dumps(digests, indent=1))
    for path in (*folder.iterdir(), folder):
        _flush(path)


def _put_in_place(made: Path, folder: Path, aside: Path) -> None:
    if folder.exists() and not is_intact(folder):
        with contextlib.suppress(FileNotFoundError):  # another process may be mending it at the same time
            folder.rename(aside)
    try:
        made.rename(folder)
    except OSError:
        if not is_intact(folder):
            raise


def _flush(path: Path) -> None:
    # A folder can't be opened, nor needs to be, on systems other than POSIX.
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
