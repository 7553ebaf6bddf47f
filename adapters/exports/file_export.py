"""What exports of one file, or of several in a zip, have in common: each is found by how it begins."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import ClassVar

from adapters.exports.archive import Files, open_files
from adapters.exports.parsed import ParsedChat, ParseOptions
from bot.errors import ImportRefused

HEAD_BYTES = 64 << 10
"""Of each file, what it is told by: a message that comes first may be long."""
CANDIDATES = 2000


class FileExport(ABC):
    """An export that is one file, or several in a zip that are read by themselves."""

    name: ClassVar[str]
    label: ClassVar[str]
    members: ClassVar[re.Pattern[str]]
    """What the files are called in an archive."""

    def sniff(self, source: Path) -> bool:
        """Tell by its content whether `source` holds such a file; it never raises."""
        try:
            if source.is_dir():
                return False
            with open_files(source) as files:
                return next(self._find(files), None) is not None
        except (ImportRefused, OSError):
            return False

    def open(self, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of `source`. Raises ImportRefused."""
        with open_files(source) as files:
            names = list(self._find(files))
            if not names:
                raise ImportRefused(f"{source}: holds no export of the kind {self.label}")
            for name in names:
                yield from self.read_chats(files, name, source, options)

    def _find(self, files: Files) -> Iterator[str]:
        names = files.names()
        candidates = names if len(names) == 1 else [name for name in names if self.members.search(name)]
        for name in candidates[:CANDIDATES]:
            with suppress(ImportRefused, KeyError), closing(files.open(name)) as stream:
                if not name.startswith("__MACOSX/") and self.is_file(stream.read(HEAD_BYTES)):
                    yield name

    @abstractmethod
    def is_file(self, head: bytes) -> bool:
        """Tell by a file's beginning whether it is such an export."""

    @abstractmethod
    def read_chats(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of the file `name` in `source`. Raises ImportRefused."""
