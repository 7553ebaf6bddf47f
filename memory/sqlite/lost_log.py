"""Finds out that the end of the write-ahead log is gone, which SQLite passes over in silence.

The index beside the log (the -shm file) survives a kill, and says how many frames were committed; each frame is a page
of a change. Where the log holds fewer, and they are not in the database yet, confirmed changes are lost.
https://www.sqlite.org/walformat.html
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_LOG_HEADER = 32
_FRAME_HEADER = 24
_INDEX = struct.Struct("=IIIBBHI")
"""Of the index's header: version, unused, changes, initialised, byte order, page size, committed frames."""
_IN_DATABASE_AT = 96
"""Where the index says how many frames the database holds already."""
_MAX_PAGE = 65536


@dataclass(frozen=True, slots=True)
class LostFrames:
    """So many pages of confirmed changes are gone; each change has one at least."""

    count: int


def find_lost_frames(database: Path) -> LostFrames | None:
    """Compare the log with its index, before anybody opens the database; None where nothing is known to be lost.

    Another process may be writing: then what is read twice differs, and nothing is said.
    """
    index, log = (database.with_name(database.name + end) for end in ("-shm", "-wal"))
    try:
        before = _read_index(index)
        size = log.stat().st_size if log.exists() else 0
        after = _read_index(index)
    except OSError:
        return None
    if before is None or before != after:
        return None
    page, committed, in_database = before
    there = max(0, size - _LOG_HEADER) // (page + _FRAME_HEADER)
    lost = committed - max(there, in_database)
    return LostFrames(lost) if lost > 0 else None


def _read_index(index: Path) -> tuple[int, int, int] | None:
    """Return the page size, the committed frames, and those that the database holds; None without a sound index."""
    if not index.exists():
        return None
    with index.open("rb") as file:
        head = file.read(_IN_DATABASE_AT + 4)
    half = _IN_DATABASE_AT // 2
    if len(head) < _IN_DATABASE_AT + 4 or head[:half] != head[half : 2 * half]:
        return None
    _, _, _, initialised, _, page, committed = _INDEX.unpack_from(head)
    if not initialised:
        return None
    (in_database,) = struct.unpack_from("=I", head, _IN_DATABASE_AT)
    return (_MAX_PAGE if page == 1 else page), committed, in_database
