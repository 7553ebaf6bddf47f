"""Searches the bytes of files for words; run as a program of its own, which needs nothing but the standard library.

A process that has opened an SQLite database must not open its files besides: when it closes them, POSIX lets go of all
locks that it holds on them (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_),
another process takes the database for unused, and removes the log that is being written.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_PIECE = 1 << 20


def search_outside(files: Sequence[Path], needles: Sequence[bytes], magic: bytes) -> list[tuple[int, set[bytes], bool]]:
    """Return for each file its size, which needles are in it, and whether it begins with `magic`. Blocking.

    A file that is gone, or not ours to read, has size -1.
    """
    request = {
        "files": [str(path) for path in files],
        "needles": [needle.hex() for needle in needles],
        "magic": magic.hex(),
    }
    command = [sys.executable, "-I", "-S", __file__]
    done = subprocess.run(command, input=json.dumps(request).encode(), capture_output=True, check=True)  # noqa: S603 (this file)
    answers = json.loads(done.stdout)
    return [(size, {bytes.fromhex(each) for each in found}, begins) for size, found, begins in answers]


def search_file(path: str, needles: Sequence[bytes], magic: bytes) -> tuple[int, set[bytes], bool]:
    """Return a file's size, the needles in it, and whether it begins with `magic`."""
    overlap = max(map(len, needles), default=1) - 1
    found: set[bytes] = set()
    size, tail, head = 0, b"", b""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (pathlib would double the time of the start)
            while piece := file.read(_PIECE):
                head = head or piece[: len(magic)]
                size += len(piece)
                piece = tail + piece
                found.update(needle for needle in needles if needle not in found and needle in piece)
                tail = piece[-overlap:] if overlap else b""
    except OSError:
        return -1, set(), False
    return size, found, head == magic


def _serve() -> None:
    asked = json.load(sys.stdin)
    needles, magic = [bytes.fromhex(each) for each in asked["needles"]], bytes.fromhex(asked["magic"])
    answers = (search_file(path, needles, magic) for path in asked["files"])
    json.dump([(size, sorted(each.hex() for each in found), begins) for size, found, begins in answers], sys.stdout)


if __name__ == "__main__":
    _serve()
