"""What was sent as one, and comes in several messages, is handled as one: one answer, and nothing lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from bot import Attachment, Plugin, reads
from bot.errors import FileUnreadable
from bot.events import Message
from bot.pipeline.core import CoreOptions
from bot.reading import IncomingFile, Piece, ReadItem
from bot.testing import Chat, FakeAdapter, chat
from memory import Scope, Selection

PAGE = "application/x-page"
PATIENT = CoreOptions(grace=2, album_seconds=3)
"""So long a quiet that no busy machine takes the time between two parts for the end of an album."""


class Pages(Plugin):
    """Reads files of a made-up kind."""

    name = "pages"

    @reads(PAGE, "image/png")
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        text = file.path.read_text("utf-8")
        if text == "nothing":
            raise FileUnreadable(f"I found no text in {file.name}.")
        yield Piece(text)


async def test_an_album_gets_one_reply_that_names_all_of_its_files(tmp_path: Path) -> None:
    platform = FakeAdapter(files={"1": b"The museum opens at nine.", "2": b"nothing", "3": b"The ferry leaves at ten."})
    async with chat(tmp_path, plugins=[Pages()], adapter=platform, options=PATIENT) as ann:
        told = await send_album(ann, "", *(page(number) for number in "123"))
        assert len(told) == 1
        assert [line[:20] for line in told[0].splitlines()] == [
            "I have read 1.page: ", "I found no text in 2", "I have read 3.page: ",
        ]  # fmt: skip
        assert "nine" in (await ann.says("When does the museum open?"))[0]


async def test_a_question_with_an_album_is_answered_once_from_all_of_its_files(tmp_path: Path) -> None:
    platform = FakeAdapter(files={"1": b"The museum opens at nine.", "2": b"The ferry leaves at ten."})
    async with chat(tmp_path, plugins=[Pages()], adapter=platform, options=PATIENT) as ann:
        read, answer = await send_album(ann, "When does the ferry leave?", page("1"), page("2"))
        assert len(read.splitlines()) == 2
        assert "ten" in answer


async def test_in_a_group_the_words_of_an_album_call_the_bot_for_all_of_it(tmp_path: Path) -> None:
    platform = FakeAdapter(files={"1": b"The museum opens at nine.", "2": b"The ferry leaves at ten."})
    async with chat(tmp_path, plugins=[Pages()], adapter=platform, options=PATIENT) as ann:
        group = ann.in_group("Trip")
        assert len((await send_album(group, "our plans", page("1"), page("2"), addressed=True))[0].splitlines()) == 2


async def test_files_that_nobody_can_read_are_told_of_in_one_sentence_and_not_in_groups(tmp_path: Path) -> None:
    photos = [Attachment(f"photo-{number}.jpg", "image/jpeg", str(number)) for number in range(3)]
    async with chat(tmp_path, options=PATIENT) as ann:
        assert await send_album(ann, "the beach", *photos) == [
            "I can't read these 3 files yet, so I only remember their names: photo-0.jpg, photo-1.jpg, photo-2.jpg."
        ]
        assert await ann.in_group("Trip").says("", photos[0], addressed=True) == []
        found = await ann.memory.passages.select(Scope.all(), Selection(matching="photo-2"), limit=10)
        assert "photo-2.jpg" in found[-1].text


async def test_that_a_picture_holds_no_text_is_no_news_in_a_group(tmp_path: Path) -> None:
    photo = Attachment("photo.png", "image/png", "1")
    async with chat(tmp_path, plugins=[Pages()], adapter=FakeAdapter(files={"1": b"nothing"})) as ann:
        assert await ann.in_group("Trip").says("", photo, addressed=True) == []
        assert await ann.says("", photo) == ["I found no text in photo.png."]


async def test_what_is_asked_beside_a_picture_that_nobody_can_read_is_answered(tmp_path: Path) -> None:
    photo = Attachment("photo.jpg", "image/jpeg", "1")
    async with chat(tmp_path) as ann:
        group = ann.in_group("Trip")
        await group.says("The cabin is in Mellau.")
        (told,) = await group.says("Where is the cabin?", photo, addressed=True)
        assert "Mellau" in told


async def test_an_album_that_was_cut_off_is_handled_as_one_at_the_next_start(tmp_path: Path) -> None:
    files = {"1": b"The museum opens at nine.", "2": b"The ferry leaves at ten."}
    async with chat(
        tmp_path, plugins=[Pages()], adapter=FakeAdapter(files=files), options=replace(PATIENT, grace=0)
    ) as ann:
        for part in parts_of(ann, "", page("1"), page("2")):
            await ann.core.deliver(part)
    again = FakeAdapter(files=files)
    async with chat(tmp_path, plugins=[Pages()], adapter=again, options=PATIENT, first_minute=60):
        assert [len(each.reply.text.splitlines()) for each in again.sent] == [2]


async def test_the_parts_of_an_album_are_forgotten_with_what_was_read_from_them(tmp_path: Path) -> None:
    platform = FakeAdapter(files={"1": b"The museum opens at nine.", "2": b"The ferry leaves at ten."})
    async with chat(tmp_path, plugins=[Pages()], adapter=platform, options=PATIENT) as ann:
        await send_album(ann, "our plans", page("1"), page("2"))
        (lead,) = await ann.memory.passages.select(Scope.all(), Selection(matching="our plans"), limit=1)
        await ann.memory.forget(Scope.all(), Selection(passage_ids=(lead.id,)))
        documents = Selection(kinds=("document",))
        assert await ann.memory.passages.select(Scope.all(), documents, limit=10) == []


def page(number: str) -> Attachment:
    return Attachment(f"{number}.page", PAGE, number)


def parts_of(ann: Chat, caption: str, *files: Attachment, addressed: bool = False) -> list[Message]:
    """Return the messages that an album comes as; the words stand with the first."""
    parts = [
        ann.message("" if number else caption, file, addressed=addressed and not number)
        for number, file in enumerate(files)
    ]
    return [replace(part, album="album-1") for part in parts]


async def send_album(ann: Chat, caption: str, *files: Attachment, addressed: bool = False) -> list[str]:
    """Send an album and return the replies to it."""
    before = len(ann.adapter.sent)
    for part in parts_of(ann, caption, *files, addressed=addressed):
        await ann.core.deliver(part)
    await ann.core.idle()
    return [sent.reply.text for sent in ann.adapter.sent[before:]]
