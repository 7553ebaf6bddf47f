"""Direct chats on Telegram, from the settings to what a person sees."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import Context, Plugin, ingests
from bot.events import Attachment
from bot.testing import ScriptedModel
from memory import Scope
from tests.adapters.bots import running, stored
from tests.adapters.telegram_bot import settings_for, talking
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_text import cut

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"


async def test_a_person_tells_something_and_asks_for_it_later(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with running(settings_for(telegram, tmp_path, people=[ana])):
        await ana.says("/start")
        await ana.sees("Ask me anything")
        await ana.says("/remember the alarm code is 4711")
        await ana.sees("I'll remember that")
        await ana.says(KEY)
        await ana.sees("remember that")
        await ana.says(WHERE)
        answer = await ana.sees("under the blue flowerpot")
    assert "[1] Ana, " in answer.text
    assert "(Telegram)" in answer.text
    assert telegram.flood.refused == 0


async def test_a_stranger_is_told_once_how_to_get_in_and_is_not_remembered(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana, eve = telegram.user("Ana"), telegram.user("Eve")
    async with running(settings_for(telegram, tmp_path, people=[ana])) as app:
        await eve.says("hello?")
        await eve.sees(f"/allow telegram:{eve.account.id}")
        await eve.says("the moon is made of cheese")
        await ana.says("/start")
        await ana.sees("Ask me anything")
        await eve.sees_nothing()
        assert await stored(app.memory, "hello?") == []
        assert await stored(app.memory, "cheese") == []


async def test_the_menu_holds_the_commands_of_all_plugins(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with running(settings_for(telegram, tmp_path, people=[ana])):
        await ana.says("/help")
        await ana.sees("/remember")
    assert {"ask", "remember", "forget", "memories", "why", "help", "start", "stop"} <= set(telegram.menu)
    assert "commands" not in telegram.menu  # another name for /help


async def test_an_answer_grows_as_a_preview_and_is_sent_when_it_is_whole(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    model = ScriptedModel("Under the **blue** flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(telegram, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.sees_draft("Under the blue flowerpot")
        assert "typing" in ana.room.actions
        assert len(ana.messages) == 1
        model.hold.set()
        answer = await ana.sees("Under the blue flowerpot\nAna: ")
    assert [cut(answer.text, entity) for entity in answer.entities if entity["type"] == "bold"] == ["blue"]
    assert len(ana.messages) == 2


async def test_where_previews_are_refused_the_answer_grows_by_edits(telegram: TelegramServer, tmp_path: Path) -> None:
    telegram.takes_drafts = False
    ana = telegram.user("Ana")
    model = ScriptedModel("Under the blue flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(telegram, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        growing = await ana.sees("Under the blue flowerpot")
        model.hold.set()
        await telegram.until(lambda: True if "[1] Ana" in growing.text else None)
    assert len(growing.versions) >= 2
    assert len(ana.messages) == 2


async def test_a_long_answer_comes_in_parts_that_telegram_takes(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    long = "\n\n".join(f"Paragraph {number}: " + "well 😀 said. " * 60 for number in range(12))
    model = ScriptedModel(f"{long}\n\n```python\n" + "print('x')\n" * 500 + "```\n\n" + f"The end: {KEY}")
    async with talking(telegram, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        last = await ana.sees(f"The end: {KEY} [1]")
    assert len(ana.messages) > 3
    assert "[1] Ana" in last.text
    assert sum(text.count("print('x')") for text in ana.room.texts) == 500


async def test_an_edit_on_telegram_changes_the_memory(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with running(settings_for(telegram, tmp_path, people=[ana])):
        said = await ana.says(KEY)
        await ana.sees("remember")
        await ana.edits(said, "The spare key to the cabin is in the shed now.")
        await ana.says(WHERE)
        answer = await ana.sees("in the shed")
    assert "flowerpot" not in answer.text


async def test_a_thumb_on_an_answer_is_kept_as_feedback_and_can_be_taken_back(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    async with running(settings_for(telegram, tmp_path, people=[ana])) as app:
        said = await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        answer = await ana.sees("under the blue flowerpot")
        await app.core.idle()
        await ana.reacts(answer, "👍")
        await ana.reacts(answer, "")
        await ana.reacts(answer, "👎")
        await ana.reacts(answer, "🔥")
        await ana.reacts(answer, "👎")
        await ana.reacts(said, "👍")
        await ana.says("/facts")
        await ana.sees("no facts")
        assert [each.value for each in await app.memory.judgements.select(Scope.all())] == [-1]


class Notes(Plugin):
    """Takes in text files and sound, and says what it got."""

    name = "notes"

    @ingests("text/plain", "audio/*", "image/*", "video/*")
    async def take(self, context: Context, attachment: Attachment) -> str:
        data = b"".join([piece async for piece in context.fetch(attachment)])
        return f"{attachment.name} ({attachment.media_type}) has {len(data)} bytes"


async def test_files_photos_and_voice_notes_are_fetched_and_taken_in(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path, plugins=[Notes()]):
        await ana.sends_file("packing.txt", b"tent, rope" * 10_000, "text/plain")
        await ana.sees("packing.txt (text/plain) has 100000 bytes")
        await ana.sends_photo(b"p" * 5000, "the cabin")
        await ana.sees("(image/jpeg) has 5000 bytes")
        await ana.sends_file("", b"v" * 700, "audio/ogg", kind="voice")
        await ana.sees("(audio/ogg) has 700 bytes")
        await ana.sends_file("clip.mp4", b"m" * 70, "video/mp4", kind="video")
        await ana.sees("clip.mp4 (video/mp4) has 70 bytes")
        await ana.sends_file("x.bin", b"?", "application/x-odd")
        await ana.sees("can't read x.bin")


@pytest.mark.parametrize("told", [True, False])
async def test_a_file_over_20_mb_is_declined_kindly(telegram: TelegramServer, tmp_path: Path, *, told: bool) -> None:
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path, plugins=[Notes()]):
        posted = await ana.sends_file("film.txt", b"x" * 20_000_001, "text/plain")
        if not told:
            del posted.file["document"]["file_size"]
        await ana.sees("Telegram lets bots fetch files of up to 20 MB")


async def test_a_file_that_telegram_has_no_more_is_asked_for_again(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path, plugins=[Notes()]):
        telegram.refuse("getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        await ana.sends_file("packing.txt", b"tent", "text/plain")
        await ana.sees("no longer has packing.txt. Please send it again.")


async def test_a_forwarded_message_keeps_its_author_and_time_and_is_no_command(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path) as _:
        await ana.forwards("the ferry leaves at nine", "Bruno", datetime(2024, 5, 3, 21, 14, tzinfo=UTC))
        await ana.sees("remember")
        await ana.says("when does the ferry leave?")
        await ana.sees("forwarded: Bruno, 3 May 2024 21:14 UTC")
        await ana.forwards("/forget ferry", "Bruno", datetime(2024, 5, 3, 21, 15, tzinfo=UTC))
        await ana.says("when does the ferry leave?")
        await ana.sees("the ferry leaves at nine")


async def test_a_stopped_answer_says_so(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    model = ScriptedModel("Under the blue flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(telegram, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.sees_draft("Under the blue")
        await ana.says("/stop")
        await ana.sees("Stopped.")
