from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.exports.chat import HistoriesPlugin
from bot import Attachment, Context, Plugin, ingests
from bot.events import MessageDeleted
from bot.testing import Chat, FakeAdapter, chat
from memory import Scope, Selection
from plugins.text.plugin import TextPlugin
from tests.adapters.exports.telegram.files import chat as telegram_chat
from tests.adapters.exports.telegram.files import said

HISTORY = "03/05/2024, 21:12 - Jonas: who booked the hotel?\n13/05/2024, 21:14 - Mara: I booked the hotel in Lisbon\n"
NAME = "WhatsApp Chat with Lisbon trip.txt"
TELEGRAM = json.dumps(telegram_chat(said(1, "Mara", "the ferry leaves at nine"))).encode()
OPEN = b"05/11/2019, 14:18 - Ana: hi\n"
YEARLESS = b"28 Aug, 19:23 - Ana: hi\n31 Dec, 23:59 - Bob: soon\n1 Jan, 00:01 - Ana: happy new year\n"
FILES = {
    "history": HISTORY.encode(),
    "telegram": TELEGRAM,
    "open": OPEN,
    "yearless": YEARLESS,
    "cut": b"PK\x03\x04nothing",
    "notes": b"milk, eggs",
}


@pytest.fixture
async def ann(tmp_path: Path) -> AsyncIterator[Chat]:
    adapter = FakeAdapter(files=FILES)
    async with chat(tmp_path, plugins=[HistoriesPlugin()], adapter=adapter) as opened:
        yield opened


def file(reference: str, name: str = NAME) -> Attachment:
    return Attachment(name, "application/octet-stream", reference)


async def test_a_history_that_is_sent_is_asked_about_imported_and_summed_up(ann: Chat) -> None:
    (question,) = await ann.says("", file("history"))
    (summary,) = await ann.says("mara")

    assert question.startswith("This is an export of WhatsApp, “Lisbon trip”. Shall I remember it?")
    offered = ann.adapter.sent[0].reply.choices
    assert offered is not None
    assert offered.options == ("Jonas", "Mara", "Nobody of these", "Don't import it")
    assert summary.startswith("**Lisbon trip**: 2 messages by 2 people, 3 May 2024 to 13 May 2024; 2 are new.")
    assert summary.endswith("It can be undone as a whole: import 1.")
    assert all(text.startswith("Reading “Lisbon trip” … ") for text in ann.adapter.growth)
    assert ann.adapter.growth


class Taking(Plugin):
    """Takes in what it is given, in the name of whoever it is told has sent it."""

    name = "taking"

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[str, bool]] = []

    @ingests("text/vcard")
    async def take(self, context: Context, attachment: Attachment) -> None:
        self.taken.append((attachment.name, context.is_owner))


@pytest.fixture
async def with_media(tmp_path: Path) -> AsyncIterator[tuple[Chat, Taking]]:
    lines = "13/05/2024, 21:12 - Jonas: {} (file attached)\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("_chat.txt", lines.format("plan.md") + lines.format("tom.vcf") + lines.format("broken.docx"))
        written.writestr("plan.md", "# The plan\nThe ferry leaves from pier seven.\n")
        written.writestr("tom.vcf", "BEGIN:VCARD\nEND:VCARD\n")
        written.writestr("broken.docx", b"PK\x03\x04" + bytes(99))
    taking = Taking()
    adapter = FakeAdapter(files={"zip": archive.getvalue()})
    async with chat(tmp_path, plugins=[HistoriesPlugin(), TextPlugin(), taking], adapter=adapter) as opened:
        yield opened, taking


async def test_the_files_of_a_history_that_is_sent_are_read(with_media: tuple[Chat, Taking]) -> None:
    ann, taking = with_media
    await ann.says("", file("zip", "chat.zip"))
    (summary,) = await ann.says("nobody")
    assert "3 messages by 1 person" in summary
    assert "broken.docx was not taken in" in summary
    await ann.says("where does the ferry leave?")
    assert "pier seven" in ann.last.text
    assert ann.last.sources[0].author == "plan.md"
    assert taking.taken == [("tom.vcf", True)]


async def test_nobody_acts_for_the_owner_by_sending_a_history(with_media: tuple[Chat, Taking]) -> None:
    ann, taking = with_media
    bo = ann.as_person("Bo")
    await bo.says("", file("zip", "chat.zip"))
    await bo.says("nobody")
    await bo.says("where does the ferry leave?")
    assert "pier seven" in bo.last.text
    assert taking.taken == []
    await ann.says("where does the ferry leave?")
    assert "pier seven" not in ann.last.text


async def test_it_belongs_to_its_sender_alone(ann: Chat) -> None:
    await ann.says("", file("history"))
    await ann.says("Mara")
    person = await ann.memory.people.ensure("test", "ann", "Ann")
    found = await ann.memory.passages.select(Scope.of_owner(person.id), Selection(matching="I booked"))

    assert [passage.author_id for passage in found] == [person.id]
    assert "Lisbon" in (await ann.says("who booked the hotel in Lisbon?"))[0]
    assert "booked the hotel" not in (await ann.as_person("Bo").says("who booked the hotel in Lisbon?"))[0]


@pytest.mark.parametrize("answer", ["no", "Don't import it", "4"])
async def test_without_consent_nothing_is_imported(ann: Chat, answer: str) -> None:
    await ann.says("", file("history"))
    assert await ann.says(answer) == ["I imported nothing."]
    assert await ann.memory.imports.select(Scope.all()) == []


async def test_an_export_stays_ready_until_it_is_answered(ann: Chat) -> None:
    await ann.says("", file("history"))
    await ann.says("", file("telegram", "result.json"))
    for other in ("Zoe", "what time is it?", "/memories", "the ferry is late today, so I wait"):
        await ann.says(other)
    assert await ann.memory.imports.select(Scope.all()) == []
    (summary,) = await ann.says("jonas")
    assert summary.startswith("**Lisbon trip**: 2 messages")
    (summary,) = await ann.presses("Mara")
    assert "1 messages by 1 person" in summary


async def test_an_export_whose_message_is_deleted_is_not_imported_and_its_file_goes(
    ann: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    await ann.says("", file("history"))
    assert len(list(temporary.iterdir())) == 1
    asked_in = ann.adapter.sent[-1].reply_to
    assert asked_in is not None
    await ann.core.deliver(MessageDeleted(ann.place, (asked_in,)))
    await ann.core.idle()
    assert ann.last.text.startswith("What that rests on has been forgotten meanwhile.")
    assert list(temporary.iterdir()) == []
    await ann.says("mara")
    assert await ann.memory.imports.select(Scope.all()) == []
    await ann.says("", file("history"))
    assert "2 are new" in (await ann.says("mara"))[0]


async def test_who_sends_an_export_is_offered_first_and_others_can_be_typed(tmp_path: Path) -> None:
    names = [f"Guest {number:02}" for number in range(40)] + ["Ann"]
    lines = "".join(f"13/05/2024, 21:12 - {name}: hello\n" for name in names)
    adapter = FakeAdapter(files={"history": lines.encode()})
    async with chat(tmp_path, plugins=[HistoriesPlugin()], adapter=adapter) as ann:
        (question,) = await ann.says("", file("history"))
        offered = ann.last.choices
        assert offered is not None
        assert offered.options[0] == "Ann"
        assert len(offered.options) <= 25
        assert "type the name" in question
        assert "by 41 people" in (await ann.says("guest 39"))[0]


async def test_sending_it_again_adds_nothing(ann: Chat) -> None:
    for new in (1, 0):
        await ann.says("", file("telegram", "result.json"))
        (summary,) = await ann.says("nobody")
        assert f"1 messages by 1 person, 3 May 2024 to 3 May 2024; {new} are new." in summary


async def test_a_damaged_archive_is_refused_with_its_reason(ann: Chat) -> None:
    (reply,) = await ann.says("", file("cut", "chat.zip"))

    assert reply.startswith("Not imported: chat.zip: the zip is damaged or was cut short")


async def test_a_text_that_is_no_export_is_left_to_others(ann: Chat) -> None:
    (reply,) = await ann.says("", file("notes", "shopping.txt"))

    assert reply.startswith("I can't read shopping.txt")


async def test_in_a_group_no_history_is_taken_in(ann: Chat) -> None:
    assert await ann.in_group("Friends").says("look", file("history")) == []


async def test_a_file_that_is_too_large_is_refused_while_it_comes(tmp_path: Path) -> None:
    adapter = FakeAdapter(files={"large": b"x" * (2 << 20)})
    plugin = HistoriesPlugin(HistoriesPlugin.Settings(max_megabytes=1))
    async with chat(tmp_path, plugins=[plugin], adapter=adapter) as ann:
        (reply,) = await ann.says("", file("large", "all.json"))

    assert reply == "all.json is larger than 1 MB; import it with `scrubjay import`."


async def days(ann: Chat) -> list[str]:
    passages = await ann.memory.passages.select(Scope.all(), Selection(kinds=("message",)), newest_first=False)
    return [f"{passage.said_at:%Y-%m-%d}" for passage in passages if passage.conversation.platform == "whatsapp"]


async def test_what_a_date_means_is_asked_where_the_file_leaves_it_open_and_is_known_afterwards(ann: Chat) -> None:
    await ann.says("", file("open"))
    (question,) = await ann.says("nobody")
    (summary,) = await ann.says("11 May 2019")

    assert "Which day does the first of them mean?" in question
    assert "1 are new" in summary
    assert await days(ann) == ["2019-05-11"]


async def test_the_year_is_asked_where_dates_have_none(ann: Chat) -> None:
    (year,) = await ann.says("", file("yearless"))
    (question,) = await ann.says("2013-08-01")
    (summary,) = await ann.says("nobody")

    assert "have no year" in year
    assert question.startswith("This is an export of WhatsApp")
    assert "3 are new" in summary
    assert await days(ann) == ["2013-08-28", "2013-12-31", "2014-01-01"]


async def test_a_file_of_an_app_that_is_not_read_is_named_with_what_to_choose(tmp_path: Path) -> None:
    page = b'<html><body><li class="mx_EventTile">x</li></body></html>'
    cut = (
        b'<!DOCTYPE html><html><div class="message default clearfix" id="message1"><div class="from_name">Tom</div>'
        b'<div class="text">Hello</div></div></html>'
    )
    adapter = FakeAdapter(files={"element": page, "telegram": cut})
    async with chat(tmp_path, plugins=[HistoriesPlugin(), TextPlugin()], adapter=adapter) as ann:
        (element,) = await ann.says("", file("element", "export.html"))
        (telegram,) = await ann.says("", file("telegram", "messages.html"))

    assert "Element" in element
    assert "format JSON" in element
    assert "Machine-readable JSON" in telegram
