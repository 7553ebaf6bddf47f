"""What a large model file is known by, read in a moment."""

from __future__ import annotations

import hashlib
from pathlib import Path

_PIECE = 1 << 16
_PIECES = 64


def fingerprint(path: Path) -> str:
    """Return a digest of a file's size, its beginning, its end and samples between, 4 MB in all. Raises OSError.

    It tells one model from another and notices a file that was replaced; to check a download, use its whole SHA-256.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for number in range(_PIECES):
            file.seek(max(0, size - _PIECE) * number // (_PIECES - 1))
            digest.update(file.read(_PIECE))
    return digest.hexdigest()
