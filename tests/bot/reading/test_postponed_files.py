"""Files that can't be read when they come, for want of something that comes later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import Attachment, Plugin, reads
from bot.errors import FileUnreadable, NotYetReadable
from bot.events import MessageDeleted
from bot.pipeline.core import CoreOptions
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import Piece, ReadItem
from bot.reading.reading import Destination, ReadingOptions
from bot.testing import Chat, FakeAdapter, chat
from memory.records import Scope, Selection
from plugins.access import AccessPlugin
from plugins.memory import MemoryPlugin
from tests.emulators.patience import PATIENCE

SCROLL = Attachment("scroll.old", "application/x-scroll", "1")
FILES = {"1": b"The spare key is under the blue flowerpot.", "2": b"damaged", "3": b"bug"}
KEPT = "I can't read scroll.old yet: I lack glasses. I have kept the file, and will read it as soon as I can."


class Scrolls(Plugin):
    """Reads scrolls, with glasses."""

    name = "scrolls"
    has_glasses = False

    @reads("application/x-scroll")
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        if not self.has_glasses:
            raise NotYetReadable(f"I can't read {file.name} yet: I lack glasses.")
        text = file.path.read_text("utf-8")
        if text == "damaged":
            raise FileUnreadable(f"{file.name} is damaged.")
        if text == "bug":
            raise KeyError("a mistake of this plugin")
        yield Piece(text)


@asynccontextmanager
async def ann_with(
    folder: Path, scrolls: Scrolls, *, options: CoreOptions | None = None, first_minute: int = 0
) -> AsyncIterator[Chat]:
    plugins = [MemoryPlugin(), AccessPlugin(), scrolls]
    adapter = FakeAdapter(files=FILES)
    async with chat(folder, plugins=plugins, adapter=adapter, options=options, first_minute=first_minute) as ann:
        yield ann


def kept_in(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in (folder / "kept").rglob("*") if file.is_file()]


async def test_a_file_is_kept_and_read_when_it_can_be_after_a_restart_too(tmp_path: Path) -> None:
    async with ann_with(tmp_path, Scrolls()) as ann:
        assert await ann.says("", SCROLL) == [KEPT]
        assert kept_in(tmp_path) == [FILES["1"]]
    scrolls = Scrolls()
    async with ann_with(tmp_path, scrolls, first_minute=10) as ann:
        await ann.core.read_kept()
        assert ann.adapter.sent == []
        scrolls.has_glasses = True
        await ann.core.read_kept()
        await ann.core.read_kept()
        (sent,) = ann.adapter.sent
        assert sent.reply.text == "I have read scroll.old: 1 passage. Ask me about it."
        assert (sent.conversation, sent.reply_to) == (ann.place, "direct-ann:0")
        assert kept_in(tmp_path) == []
        assert "blue flowerpot" in (await ann.says("Where is the spare key?"))[0]


async def test_it_is_read_while_the_bot_serves_its_platforms(tmp_path: Path) -> None:
    async with ann_with(tmp_path, Scrolls()) as ann:
        await ann.says("", SCROLL)
    scrolls = Scrolls()
    scrolls.has_glasses = True
    async with ann_with(tmp_path, scrolls, first_minute=10) as ann:
        async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE):
            group.create_task(ann.core.serve([ann.adapter]))
            while not ann.adapter.sent:  # noqa: ASYNC110 (the adapter has no event for it)
                await asyncio.sleep(0.01)
            ann.adapter.hang_up()
        assert ann.last.text == "I have read scroll.old: 1 passage. Ask me about it."


async def test_one_that_was_read_but_not_told_of_before_the_end_is_told_of(tmp_path: Path) -> None:
    async with ann_with(tmp_path, Scrolls()) as ann:
        await ann.says("", SCROLL)
    scrolls = Scrolls()
    scrolls.has_glasses = True
    async with ann_with(tmp_path, scrolls, first_minute=10) as ann:
        scroll = tmp_path / "scroll.old"
        scroll.write_bytes(FILES["1"])
        file = IncomingFile(scroll, "scroll.old", SCROLL.media_type, 42, "test:direct-ann:0#1")
        (message,) = await ann.memory.passages.select(Scope.all(), Selection(kinds=("message",)))
        destination = Destination(message.conversation, message.author_id, message.said_at, drawn_from=(message.id,))
        await ann.core.reading.read(file, destination)
        await ann.core.read_kept()
        assert ann.last.text == "I have read scroll.old: 1 passage. Ask me about it."


async def test_it_goes_with_its_message(tmp_path: Path) -> None:
    scrolls = Scrolls()
    async with ann_with(tmp_path, scrolls) as ann:
        await ann.says("", SCROLL)
        await ann.core.deliver(MessageDeleted(ann.place, ("direct-ann:0",)))
        assert kept_in(tmp_path) == []
        scrolls.has_glasses = True
        await ann.core.read_kept()
        assert len(ann.adapter.sent) == 1
        assert kept_in(tmp_path) == []


async def test_it_goes_with_its_conversation(tmp_path: Path) -> None:
    async with ann_with(tmp_path, Scrolls()) as ann:
        await ann.says("", SCROLL)
        await ann.memory.forget(Scope.all(), Selection(everything=True))
        assert kept_in(tmp_path) == []


async def test_it_is_dropped_where_nothing_is_kept_any_more(tmp_path: Path) -> None:
    scrolls = Scrolls()
    async with ann_with(tmp_path, scrolls) as ann:
        await ann.says("", SCROLL)
        await ann.says("/memory off")
        scrolls.has_glasses = True
        await ann.core.read_kept()
        assert kept_in(tmp_path) == []
        assert await ann.memory.passages.select(Scope.all(), Selection(kinds=("document",))) == []


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("2", "scroll.old is damaged."),
        ("3", "scroll.old, which I had kept, can't be read: its reader failed."),
    ],
)
async def test_one_that_can_not_be_read_after_all_is_told_and_dropped(
    tmp_path: Path, reference: str, told: str
) -> None:
    scrolls = Scrolls()
    async with ann_with(tmp_path, scrolls) as ann:
        await ann.says("", Attachment("scroll.old", "application/x-scroll", reference))
        scrolls.has_glasses = True
        await ann.core.read_kept()
        assert ann.last.text == told
        assert kept_in(tmp_path) == []


async def test_no_more_is_kept_than_there_is_room_for(tmp_path: Path) -> None:
    options = CoreOptions(reading=ReadingOptions(kept_megabytes=0))
    async with ann_with(tmp_path, Scrolls(), options=options) as ann:
        (told,) = await ann.says("", SCROLL)
        assert told.endswith("I lack glasses. I have no room to keep the file until then, so send it again.")
        assert kept_in(tmp_path) == []


async def test_in_a_group_that_has_not_spoken_to_the_bot_it_is_kept_and_read_in_silence(tmp_path: Path) -> None:
    scrolls = Scrolls()
    async with ann_with(tmp_path, scrolls) as ann:
        group = ann.in_group("Cabin")
        assert await group.says("", SCROLL) == []
        scrolls.has_glasses = True
        await ann.core.read_kept()
        assert ann.adapter.sent == []
        assert "flowerpot" in (await group.says("Where is the spare key?", addressed=True))[0]
        assert "flowerpot" not in (await ann.says("Where is the spare key?"))[0]


async def test_a_note_that_can_not_be_read_is_dropped_and_the_others_are_read(tmp_path: Path) -> None:
    scrolls = Scrolls()
    async with ann_with(tmp_path, scrolls) as ann:
        await ann.says("", SCROLL)
        place = await ann.memory.conversations.find("test", ann.place.key, owner_id=1)
        assert place is not None
        await ann.memory.ledger.kept_files.keep("broken", place.id, '"nonsense"')
        scrolls.has_glasses = True
        await ann.core.read_kept()
        assert ann.last.text == "I have read scroll.old: 1 passage. Ask me about it."
        assert await ann.memory.ledger.kept_files.read_all() == {}
