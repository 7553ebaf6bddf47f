from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.plugin import Fetcher, Reader
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import Piece, ReadItem
from bot.reading.reading import Destination, Reading, ReadingOptions
from memory import Memory
from memory.embedders.hashing import HashingEmbedder


class Slow:
    """A reader that waits until it may go on."""

    def __init__(self) -> None:
        self.may_go_on = asyncio.Event()
        self.began = asyncio.Event()
        self.readers: Sequence[Reader] = (Reader(self.read, ("text/plain",)),)
        self.fetchers: Sequence[Fetcher] = ()

    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        self.began.set()
        await self.may_go_on.wait()
        yield Piece(file.name)

    @contextmanager
    def at_work(self, handler: Callable[..., object]) -> Iterator[bool]:  # noqa: ARG002 (the protocol's)
        yield True


async def test_a_file_that_waits_its_turn_gives_signs_of_life(tmp_path: Path) -> None:
    slow = Slow()
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        destination = Destination(await memory.conversations.ensure("test", "a", title="A"), None, datetime.now(UTC))
        reading = Reading(memory, slow, ReadingOptions(workers=1, alive_seconds=0.01))
        files = []
        for name in ("one.txt", "two.txt"):
            (tmp_path / name).write_text(name)
            files.append(IncomingFile(tmp_path / name, name, "text/plain", 7, name))
        alive = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(reading.read(files[0], destination))
            await slow.began.wait()
            second = group.create_task(reading.read(files[1], destination, alive=alive.set))
            await alive.wait()
            assert not second.done()
            slow.may_go_on.set()
        assert second.result().passages == 1
