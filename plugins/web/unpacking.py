"""The function that unpacks a body in a child process; light to import."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import FileUnreadable
from bot.translation import gettext

_BLOCK = 1 << 16
_GZIP, _ZLIB, _RAW = 31, 15, -15  # what zlib calls "window bits"


@dataclass(frozen=True, slots=True)
class Coding:
    """How a body is packed, "gzip" or "deflate", and to how many bytes it may unpack."""

    name: str
    most: int


def unpack(path: Path, coding: Coding) -> Iterator[bytes]:
    """Yield what a packed file holds, in blocks; stop soon behind `most` bytes. Raises FileUnreadable."""
    given = 0
    try:
        for block in _unpack(path, coding.name):
            yield block
            given += len(block)
            if given > coding.most:
                return
    except zlib.error:
        raise FileUnreadable(
            gettext("{name} can't be read: what its server sent is damaged.", name=path.name)
        ) from None


def _unpack(path: Path, coding: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        unpacker = None
        while data := file.read(_BLOCK):
            while data:
                if unpacker is None or unpacker.eof:  # gzip allows several parts, one behind the other
                    unpacker = zlib.decompressobj(_window(coding, data))
                if block := unpacker.decompress(data, _BLOCK):
                    yield block
                data = unpacker.unused_data or unpacker.unconsumed_tail
        if unpacker is not None and not unpacker.eof:
            raise zlib.error("cut short")


def _window(coding: str, data: bytes) -> int:
    """Return how zlib reads it. Some servers send "deflate" without the wrapping that belongs to it."""
    if coding == "gzip":
        return _GZIP
    wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    return _ZLIB if wrapped else _RAW
