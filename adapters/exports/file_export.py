"""What exports of one file, or of several in a zip, have in common: each file is found by what stands in it."""

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


class FileExport(ABC):
    """An export that is one file, or several in a zip that are read by themselves."""

    name: ClassVar[str]
    label: ClassVar[str]
    members: ClassVar[re.Pattern[str]]
    """What the files are called in an archive of several; one that is alone may be called anything."""
    candidates: ClassVar[int] = 2000
    """Files of such names that are looked into."""

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
                raise ImportRefused(f"{source}: {self.describe_missing()}")
            for name in names:
                yield from self.read_file(files, name, source, options)

    def describe_missing(self) -> str:
        """Return what to say of a source without such a file."""
        return f"holds no export of the kind {self.label}"

    def _find(self, files: Files) -> Iterator[str]:
        names = files.names()
        fitting = names if len(names) == 1 else [name for name in names if self.members.search(name)]
        for name in fitting[: self.candidates]:
            with suppress(ImportRefused, KeyError):
                if not name.startswith("__MACOSX/") and self.is_file(files, name):
                    yield name

    @abstractmethod
    def is_file(self, files: Files, name: str) -> bool:
        """Tell by its content whether a file is such an export. May raise ImportRefused, which counts as no."""

    @abstractmethod
    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of the file `name` in `source`. Raises ImportRefused."""


def read_head(files: Files, name: str) -> bytes:
    """Return the beginning of a file, by which most kinds are told."""
    with closing(files.open(name)) as stream:
        return stream.read(HEAD_BYTES)
