from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.errors import FileUnreadable
from bot.plugin import Fetcher, Reader
from bot.reading.incoming import IncomingFile
from bot.reading.library import Library, documents_of
from bot.reading.pieces import Piece, ReadItem
from bot.reading.reading import Reading
from memory import ConversationRecord, Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder


async def read_lines(file: IncomingFile) -> AsyncIterator[ReadItem]:
    """Yield each line of a text as a piece; a table's folder gives the names in it."""
    if file.path.is_dir():
        yield Piece(" ".join(sorted(each.name for each in file.path.iterdir())))
        return
    text = file.path.read_text("utf-8")
    if text.startswith("broken"):
        raise FileUnreadable(f"{file.name} is damaged.")
    for number, line in enumerate(text.splitlines(), 1):
        yield Piece(line, f"line {number}")


@dataclass(frozen=True)
class LineReaders:
    """Readers without plugins."""

    readers: tuple[Reader, ...] = (Reader(read_lines, ("text/plain", "application/vnd.delta"), (".txt",)),)
    fetchers: tuple[Fetcher, ...] = ()

    def at_work(self, _: object) -> AbstractContextManager[bool]:
        return nullcontext(enter_result=True)


@dataclass(frozen=True)
class Shelves:
    """A library over a real memory, and what is in it."""

    memory: Memory
    library: Library
    conversation: ConversationRecord

    async def texts(self) -> dict[str, list[str]]:
        """Return the passages of each document, by its name."""
        selection = Selection(kinds=("document",))
        found = await self.memory.passages.select(Scope.all(), selection, limit=10_000, newest_first=False)
        return {name: [each.text for each in found if each.author == name] for name in {each.author for each in found}}

    async def ids(self) -> dict[str, int]:
        """Return the ids of the documents by their sources."""
        return {
            str(each.document.source): each.document.id for each in await self.memory.documents.summarize(Scope.all())
        }


@pytest.fixture
async def shelves(tmp_path: Path) -> AsyncIterator[Shelves]:
    async with Memory.open(tmp_path / "data" / "memory.db", HashingEmbedder()) as memory:
        owner = await memory.people.ensure("console", "owner", "You")
        conversation = await documents_of(memory, owner.id)
        library = Library(memory, Reading(memory, LineReaders()), conversation, owner.id)
        yield Shelves(memory, library, conversation)
