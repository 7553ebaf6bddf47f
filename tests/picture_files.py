"""Small pictures for tests."""

from __future__ import annotations

import struct
import zlib


def png(shade: int = 200, size: int = 64) -> bytes:
    """Return a square picture of one shade of grey, 0 to 255."""
    row = b"\0" + bytes([shade]) * size
    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(row * size)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
