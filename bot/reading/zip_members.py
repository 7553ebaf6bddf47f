"""Counts the members of a zip before its list of them is read: a list can be made to fill the memory."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

_END = b"PK\x05\x06"
_END_SIZE, _LONGEST_COMMENT = 22, 1 << 16
_LOCATOR = b"PK\x06\x07"
_LOCATOR_SIZE, _END64_SIZE = 20, 56
_END64 = b"PK\x06\x06"
_MEMBER = b"PK\x01\x02"
_MEMBER_SIZE = 46
_IN_END64 = 0xFFFFFFFF


def count_zip_members(path: Path, most: int) -> int:
    """Return how many members a zip lists, `most` + 1 for more; 0 where it has no list that can be found.

    Nothing of the list is kept. What stands after a gap or a false signature is not counted, and not read by Python's
    `zipfile` either, which calls such a zip damaged. Raises OSError.
    """
    with path.open("rb") as file:
        where = _find_directory(file)
        if where is None:
            return 0
        file.seek(where[0])
        return _count(file, where[1], most)


def _find_directory(file: BinaryIO) -> tuple[int, int] | None:
    """Return where the list of members begins, and its length in bytes."""
    size = file.seek(0, os.SEEK_END)
    tail_at = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    file.seek(tail_at)
    tail = file.read()
    found = tail.rfind(_END, 0, max(0, len(tail) - _END_SIZE) + len(_END))
    if found < 0 or len(tail) - found < _END_SIZE:
        return None
    end_at = tail_at + found
    (length,) = struct.unpack_from("<L", tail, found + 12)
    if length == _IN_END64:
        end_at, length = _find_large(file, end_at) or (end_at, length)
    return (end_at - length, length) if end_at - length >= 0 else None


def _find_large(file: BinaryIO, end_at: int) -> tuple[int, int] | None:
    """Return where the list of a large zip ends, and its length."""
    if end_at < _LOCATOR_SIZE + _END64_SIZE:
        return None
    file.seek(end_at - _LOCATOR_SIZE - _END64_SIZE)
    record, locator = file.read(_END64_SIZE), file.read(_LOCATOR_SIZE)
    if not locator.startswith(_LOCATOR) or not record.startswith(_END64):
        return None
    (length,) = struct.unpack_from("<Q", record, 40)
    return end_at - _LOCATOR_SIZE - _END64_SIZE, length


def _count(file: BinaryIO, length: int, most: int) -> int:
    count, read = 0, 0
    while read < length and count <= most:
        header = file.read(_MEMBER_SIZE)
        if len(header) < _MEMBER_SIZE or not header.startswith(_MEMBER):
            break
        more = sum(struct.unpack_from("<3H", header, 28))
        file.seek(more, os.SEEK_CUR)
        read += _MEMBER_SIZE + more
        count += 1
    return count
