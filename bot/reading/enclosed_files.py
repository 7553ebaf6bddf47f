"""Files within a file, such as the attachments of a mail: each is read by the reader of its kind."""

from __future__ import annotations

import asyncio
import base64
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import FileUnreadable
from bot.reading.contents import Contents
from bot.reading.incoming import IncomingFile
from bot.reading.names import safe_name
from bot.reading.pieces import About, Enclosed, Piece
from bot.translation import gettext

MOST_ENCLOSED = 100
DEEPEST = 4
"""Mails forwarded in mails forwarded in mails."""

ReadFile = Callable[[IncomingFile, int], Awaitable[Contents]]
"""Reads a file that lies so deep in others. Raises FileUnreadable."""


@dataclass(frozen=True, slots=True)
class EnclosureLimits:
    """How many bytes all that is in one file may have, and how deep in others that one is."""

    most_bytes: int
    depth: int = 0


class Enclosures:
    """Gathers the parts of the files that are in one file, and has each read when it is whole."""

    def __init__(self, outer: IncomingFile, read: ReadFile, limits: EnclosureLimits, stack: ExitStack) -> None:
        self._outer = outer
        self._read = read
        self._limits = limits
        self._stack = stack
        self._folder: Path | None = None
        self._count = self._bytes = 0

    async def add(self, part: Enclosed) -> AsyncIterator[Piece | About]:
        """Take the next part of a file; yield what was in it once it is whole, or a note of why it was not read."""
        data = base64.b64decode(part.content)
        self._bytes += len(data)
        name = safe_name(part.name)
        path = self._place(name)
        await asyncio.to_thread(_append, path, data)
        if not part.last:
            return
        self._count += 1
        file = IncomingFile(path, name, part.media_type, path.stat().st_size, f"{self._outer.source}#{name}")
        try:
            contents = await self._take(file)
        except FileUnreadable as error:
            yield About(notes=(gettext("It came with {name}, which was not read: {error}", name=name, error=error),))
        else:
            for piece in contents.pieces:
                place = f"{name}, {piece.locator}" if piece.locator else name
                yield replace(piece, locator=place, headings=())  # which stand in its text by now
            yield About(notes=tuple(f"{name}: {note}" for note in contents.about.notes))

    async def _take(self, file: IncomingFile) -> Contents:
        if self._count > MOST_ENCLOSED or self._limits.depth >= DEEPEST:
            raise FileUnreadable(gettext("there are too many files in it."))
        if self._bytes > self._limits.most_bytes:
            raise FileUnreadable(gettext("the files in it are too large."))
        contents = await self._read(file, self._limits.depth + 1)
        if not contents.pieces:
            raise FileUnreadable(gettext("I found no text in it."))
        return contents

    def _place(self, name: str) -> Path:
        """Return where a file is put: each in a folder of its own, for two may be of one name."""
        if self._folder is None:
            kept = tempfile.TemporaryDirectory(prefix="scrubjay-enclosed-", ignore_cleanup_errors=True)
            self._folder = Path(self._stack.enter_context(kept))
        folder = self._folder / str(self._count)
        folder.mkdir(exist_ok=True)
        return folder / name


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
