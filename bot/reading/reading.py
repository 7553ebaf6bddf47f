"""Reads a file into the memory: chooses its reader, gathers what that yields, and stores it whole."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.answering.closing import closable
from bot.errors import CommandError, FileUnreadable, ReaderFailed
from bot.plugin import Fetcher, Reader
from bot.reading.contents import Contents
from bot.reading.enclosed_files import EnclosureLimits, Enclosures
from bot.reading.incoming import IncomingFile
from bot.reading.kinds import kind_of
from bot.reading.outcome import Outcome
from bot.reading.pieces import Enclosed, Progress
from bot.reading.reader_choice import ReaderChoice, choose
from bot.translation import gettext
from memory import ConversationRecord, Memory
from memory.document_records import Upload

Tell = Callable[[Progress], None]
_BLOCK = 1 << 20


class Reads(Protocol):
    """What knows the readers that run now."""

    @property
    def readers(self) -> Sequence[Reader]:
        """Those that read files."""

    @property
    def fetchers(self) -> Sequence[Fetcher]:
        """Those that get files from addresses."""

    def at_work(self, handler: Callable[..., object]) -> AbstractContextManager[bool]:
        """Keep a reader's plugin from being left; give False when it was stopped before."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where documents are put: the conversation, whose they are, when they are from, what they go with.

    A document is forgotten with any passage in `drawn_from`: the message that it came with.
    """

    conversation: ConversationRecord
    author_id: int | None
    said_at: datetime
    drawn_from: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How many files are read at a time, and how large one may be, in megabytes.

    Those that can't be read yet may have `kept_megabytes` together. One that waits its turn gives a sign of life each
    `alive_seconds`.
    """

    workers: int = 2
    most_megabytes: int = 500
    kept_megabytes: int = 1000
    alive_seconds: float = 10


class Reading:
    """Reads files, few at a time, with whatever readers run."""

    def __init__(self, memory: Memory, reads: Reads, options: ReadingOptions | None = None) -> None:
        self._memory = memory
        self._reads = reads
        self.options = options or ReadingOptions()
        self._turns = asyncio.Semaphore(self.options.workers)

    @property
    def reads(self) -> Reads:
        """The readers that run."""
        return self._reads

    async def read(
        self,
        file: IncomingFile,
        destination: Destination,
        tell: Tell = lambda _: None,
        *,
        again: bool = False,
        before_storing: Callable[[], Awaitable[None]] | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> Outcome:
        """Read a file and store it; bytes that are known here are not read, unless `again`.

        `file.media_type` is what was declared. Raises FileUnreadable and PasswordNeeded, ReaderFailed when a plugin has
        failed, and what `before_storing` raises; then nothing has changed. `alive` is called while it waits its turn.
        """
        async with self._take_turn(alive):
            sha256 = await asyncio.to_thread(hash_file, file.path)
            if not again and (known := await self._find_known(file, destination, sha256)):
                return known
            choice = await self.choose_reader(file)
            contents = await self._read_contents(choice, replace(file, media_type=choice.media_type), tell)
            notes = (*([choice.note] if choice.note else []), *contents.about.notes)
            about = (destination.said_at, destination.author_id, destination.drawn_from)
            entries = await asyncio.to_thread(contents.entries, *about)  # a large table has many
            if before_storing is not None:
                await before_storing()
            upload = Upload(file.name, choice.media_type, sha256, file.source, notes)
            change = await self._memory.documents.put(destination.conversation, upload, entries, again=again)
            it = contents.about
            return Outcome(file.name, change, contents.extent, notes, told=it.told, answers=it.answers, words=it.words)

    @asynccontextmanager
    async def _take_turn(self, alive: Callable[[], None]) -> AsyncIterator[None]:
        while True:
            try:
                async with asyncio.timeout(self.options.alive_seconds):
                    await self._turns.acquire()
            except TimeoutError:
                alive()
            else:
                break
        try:
            yield
        finally:
            self._turns.release()

    async def choose_reader(self, file: IncomingFile) -> ReaderChoice:
        """Return who reads a file, and as what. Raises FileUnreadable when nobody does, or when it is empty."""
        if not file.size and not file.path.is_dir():
            raise FileUnreadable(gettext("{name} is empty.", name=file.name))
        kind = await asyncio.to_thread(kind_of, file.path)
        return choose(self._reads.readers, file.name, file.media_type, kind)

    async def _find_known(self, file: IncomingFile, destination: Destination, sha256: str) -> Outcome | None:
        """Return what to say of bytes that are stored here already; None when they must be read."""
        upload = Upload(file.name, file.media_type, sha256, file.source)
        change = await self._memory.documents.recognize(destination.conversation, upload)
        return None if change is None else Outcome(file.name, change, duplicate=True)

    async def _read_contents(self, choice: ReaderChoice, file: IncomingFile, tell: Tell, depth: int = 0) -> Contents:
        contents = Contents(file.name)
        limits = EnclosureLimits(self.options.most_megabytes << 20, depth)
        with self._reads.at_work(choice.reader.handler) as works, ExitStack() as stack:
            if not works:
                raise FileUnreadable(gettext("{name} can't be read right now: its reader was stopped.", name=file.name))
            enclosures = Enclosures(file, self._read_enclosed, limits, stack)
            try:
                async with aclosing(closable(choice.reader.handler(file))) as items:
                    async for item in items:
                        if isinstance(item, Enclosed):
                            async for inner in enclosures.add(item):
                                contents.add(inner)
                            continue
                        contents.add(item)
                        if isinstance(item, Progress):
                            tell(item)
            except (FileUnreadable, CommandError):
                raise
            except Exception as error:
                raise ReaderFailed(choice.reader.plugin, file.name) from error
        return contents

    async def _read_enclosed(self, file: IncomingFile, depth: int) -> Contents:
        """Read a file that came in another one. Raises FileUnreadable."""
        choice = await self.choose_reader(file)
        return await self._read_contents(choice, replace(file, media_type=choice.media_type), lambda _: None, depth)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, or of what is in a folder, with the names; blocking. Raises OSError."""
    hashed = hashlib.sha256()
    for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if path != each:
            hashed.update(f"\0{each.relative_to(path)}\0".encode(errors="surrogateescape"))
        if each.is_file():
            with each.open("rb") as file:
                while block := file.read(_BLOCK):
                    hashed.update(block)
    return hashed.hexdigest()
