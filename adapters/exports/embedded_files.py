"""Files that stand within an export's own text, such as a mail's attachments: kept aside until they have been read."""

from __future__ import annotations

import io
from tempfile import TemporaryFile
from typing import BinaryIO, Final

LARGEST_FILE: Final = 64 << 20
MOST_BYTES: Final = 4 << 30
"""So much of the disk all of them may take; the files after that are named only."""


class EmbeddedFiles:
    """The files of one export by made-up paths, in a file that nobody else sees; gone when it is closed."""

    def __init__(self) -> None:
        self._store = TemporaryFile()  # noqa: SIM115 (close() ends it)
        self._places: dict[str, tuple[int, int]] = {}
        self._size = 0

    def close(self) -> None:
        """Remove them."""
        self._store.close()

    def add(self, path: str, content: bytes) -> bool:
        """Keep a file; False when it is empty, too large, or there is no room for it."""
        if not content or len(content) > LARGEST_FILE or self._size + len(content) > MOST_BYTES:
            return False
        self._store.seek(self._size)
        self._store.write(content)
        self._places[path] = (self._size, len(content))
        self._size += len(content)
        return True

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        """Whether there is a file at that path."""
        return name in self._places

    def open(self, name: str) -> BinaryIO:
        """Open one to read. Raises KeyError."""
        start, size = self._places[name]
        self._store.seek(start)
        return io.BytesIO(self._store.read(size))
