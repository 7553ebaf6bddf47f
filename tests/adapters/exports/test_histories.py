"""Whole runs over the formats with ids: undo, existing conversations, choosing, and reading back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.exports.apps import mbox
from adapters.exports.chat_filter import ChatSelection
from adapters.exports.dry_run import read_paths, to_record
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.parsed import ImportWarning, ParsedChat, ParsedMessage, ParseOptions  # noqa: A004 (see there)
from adapters.exports.report import describe_warning
from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun
from adapters.exports.sources import installed_formats
from bot.commands.transfer import every_passage, export_record
from bot.context import Histories
from memory import Entry, Memory, Passage, PersonRecord, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from tests.adapters.exports.telegram.files import account, chat, said, written

PARSE = ParseOptions(timezone=UTC)
FORMATS = installed_formats()
MEBIBYTE = 1 << 20
WHATSAPP = "03/05/2024, 21:12 - Jonas: hotel?\n13/05/2024, 21:14 - Mara: booked it\n"


class Quiet:
    def begin_chat(self, title: str) -> None: ...

    def add_stored(self, messages: int) -> None: ...

    def begin_embedding(self, passages: int) -> None: ...

    def add_embedded(self, passages: int) -> None: ...


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as opened:
        yield opened


async def owner_of(memory: Memory) -> PersonRecord:
    return await memory.people.ensure("console", "owner", "You")


async def imported(memory: Memory, *paths: Path, options: ImportOptions | None = None) -> ImportOutcome:
    outcome = ImportOutcome()
    chosen = replace(options or ImportOptions(), parse=options.parse if options else PARSE, embed=False)
    run = ImportRun(Histories(memory), await owner_of(memory), FORMATS, chosen, Quiet())
    await run.import_paths([str(path) for path in paths], outcome)
    return outcome


async def stored(memory: Memory) -> list[Passage]:
    return await memory.passages.select(Scope.all(), Selection(everything=True), limit=10_000, newest_first=False)


async def texts(memory: Memory) -> list[str]:
    return [passage.text for passage in await stored(memory)]


async def test_an_import_is_undone_whole_and_nothing_else_goes(memory: Memory, tmp_path: Path) -> None:
    first = await imported(memory, written(tmp_path, chat(said(1, "Mara", "a"), said(2, "Mara", "b"))))
    longer = chat(said(1, "Mara", "a"), said(2, "Mara", "b"), said(3, "Tom", "c"), said(4, "Tom", "d"))
    second = await imported(memory, written(tmp_path, longer, "longer.json"))
    listed = await memory.imports.select(Scope.all())

    assert [(each.passages, each.ended_at is not None) for each in listed] == [(2, True), (2, True)]
    assert [report.import_id for report in (*first.reports, *second.reports)] == [listed[1].id, listed[0].id]
    receipt = await memory.forget(Scope.of_owner((await owner_of(memory)).id), Selection(import_id=listed[0].id))
    assert receipt.passages == 2
    assert await texts(memory) == ["a", "b"]
    assert [each.id for each in await memory.imports.select(Scope.all())] == [listed[1].id]
    assert await memory.upkeep.check() == []


async def test_nobody_undoes_what_another_imported(memory: Memory, tmp_path: Path) -> None:
    await imported(memory, written(tmp_path, chat(said(1, "Mara", "a"))))
    stranger = await memory.people.ensure("telegram", "9", "Eve")
    (listed,) = await memory.imports.select(Scope.all())

    assert await memory.imports.select(Scope.of_owner(stranger.id)) == []
    assert (await memory.forget(Scope.of_owner(stranger.id), Selection(import_id=listed.id))).passages == 0
    assert await texts(memory) == ["a"]


async def test_an_import_that_adds_nothing_is_not_listed(memory: Memory, tmp_path: Path) -> None:
    path = written(tmp_path, chat(said(1, "Mara", "a")))
    await imported(memory, path)
    again = await imported(memory, path)

    assert [(report.new, report.import_id) for report in again.reports] == [(0, None)]
    assert len(await memory.imports.select(Scope.all())) == 1


async def test_an_import_that_broke_off_goes_on_under_its_number(memory: Memory) -> None:
    owner = await owner_of(memory)
    broken = await memory.imports.begin(owner, "chat.json")

    assert await memory.imports.begin(owner, "chat.json") == broken
    await memory.imports.end(broken)
    assert await memory.imports.begin(owner, "chat.json") != broken


async def test_messages_that_came_live_are_not_doubled(memory: Memory, tmp_path: Path) -> None:
    group = await memory.conversations.ensure("telegram", "-1001234567", title="Lisbon trip", kind="group")
    at = datetime(2024, 5, 3, 21, 15, tzinfo=UTC)
    await memory.passages.add(group, [Entry("live and exported", at, author="Mara", event_id="-1001234567:1")])
    path = written(tmp_path, chat(said(1, "Mara", "live and exported", at=at), said(2, "Tom", "before the bot came")))
    outcome = await imported(memory, path, options=ImportOptions(PARSE, into=group))

    assert [(report.new, report.duplicates) for report in outcome.reports] == [(1, 1)]
    assert {passage.conversation.id for passage in await stored(memory)} == {group.id}


async def test_messages_without_shared_ids_are_known_by_their_words_and_minute(memory: Memory, tmp_path: Path) -> None:
    group = await memory.conversations.ensure("telegram", "-55", title="Old group", kind="group")
    at = datetime(2024, 5, 3, 21, 15, 9, tzinfo=UTC)
    live = [Entry("ok", at, event_id="-55:100"), Entry("ok", at + timedelta(seconds=20), event_id="-55:101")]
    await memory.passages.add(group, live)
    basic = chat(*(said(n, "Mara", "ok", at=at) for n in (7, 8, 9)), kind="private_group")
    options = ImportOptions(PARSE, into=group)
    first = await imported(memory, written(tmp_path, basic), options=options)
    again = await imported(memory, written(tmp_path, basic), options=options)

    assert [(report.new, report.duplicates) for report in first.reports] == [(1, 2)]
    assert [(report.new, report.duplicates) for report in again.reports] == [(0, 3)]


async def test_what_came_live_in_a_thread_is_not_doubled_in_its_group(memory: Memory, tmp_path: Path) -> None:
    group = await memory.conversations.ensure("telegram", "-1001234567", title="Lisbon trip", kind="group")
    topic = await memory.conversations.ensure("telegram", "-1001234567/5", title="Lisbon trip", kind="group")
    at = datetime(2024, 5, 3, 21, 15, tzinfo=UTC)
    await memory.passages.add(topic, [Entry("sushi?", at, event_id="-1001234567:1")])
    path = written(tmp_path, chat(said(1, "Mara", "sushi?", at=at), said(2, "Tom", "elsewhere", at=at)))
    outcome = await imported(memory, path, options=ImportOptions(PARSE, into=group))

    assert [(report.new, report.duplicates) for report in outcome.reports] == [(1, 1)]


async def test_only_the_chats_that_are_wanted_are_imported_and_from_a_day_on(memory: Memory, tmp_path: Path) -> None:
    early = datetime(2020, 1, 1, tzinfo=UTC)
    trip = chat(said(1, "Mara", "early", at=early), said(2, "Mara", "late"))
    path = written(tmp_path, account(trip, chat(said(3, "Tom", "other"), name="Work")))
    wanted = ChatSelection(("lisbon*",), datetime(2024, 1, 1, tzinfo=UTC))
    await imported(memory, path, options=ImportOptions(PARSE, wanted))

    assert await texts(memory) == ["late"]
    nobody = await imported(memory, path, options=ImportOptions(PARSE, ChatSelection(("Family",))))
    assert nobody.refusals == [f"{path}: no chat here is called Family; there are: Lisbon trip, Work"]


async def test_the_account_s_owner_is_known_without_being_named(memory: Memory, tmp_path: Path) -> None:
    await imported(memory, written(tmp_path, account(chat(said(1, "Mara", "mine"), said(2, "Jonas", "theirs")))))
    owner = await owner_of(memory)

    assert [passage.author_id == owner.id for passage in await stored(memory)] == [True, False]


async def test_a_source_s_address_is_kept_for_citing(memory: Memory, tmp_path: Path) -> None:
    await imported(memory, written(tmp_path, chat(said(1, "Mara", "a"))))

    assert [passage.link for passage in await stored(memory)] == ["https://t.me/c/1234567/1"]


async def test_what_export_prints_can_be_imported_elsewhere(memory: Memory, tmp_path: Path) -> None:
    await imported(
        memory, written(tmp_path, account(chat(said(1, "Mara", "a"), said(2, "Tom", "b", reply_to_message_id=1))))
    )
    records = [export_record(passage) async for passage in every_passage(memory, Scope.all())]
    copy = tmp_path / "memories.jsonl"
    copy.write_text("".join(json.dumps(record) + "\n" for record in records))
    async with Memory.open(tmp_path / "elsewhere.db", HashingEmbedder()) as elsewhere:
        await imported(elsewhere, copy)
        again = [export_record(passage) async for passage in every_passage(elsewhere, Scope.all())]
    into_itself = await imported(memory, copy)

    assert again == records
    assert [report.new for report in into_itself.reports] == [0]


async def test_a_dry_run_printed_as_lines_is_the_same_import(memory: Memory, tmp_path: Path) -> None:
    history = tmp_path / "WhatsApp Chat with Lisbon trip.txt"
    history.write_text(WHATSAPP)
    lines: list[str] = []

    def emit(chat: ParsedChat, platform: str, message: ParsedMessage) -> None:
        lines.append(json.dumps(to_record(chat, platform, message)) + "\n")

    read_paths([str(history)], FORMATS, ImportOptions(PARSE), emit)
    printed = tmp_path / "printed.jsonl"
    printed.write_text("".join(lines))
    await imported(memory, printed)
    outcome = await imported(memory, history)

    assert [(report.conversation, report.new) for report in outcome.reports] == [("Lisbon trip", 0)]


def refused(tmp_path: Path, name: str, content: bytes) -> str:
    path = tmp_path / name
    path.write_bytes(content)
    (refusal,) = read_paths([str(path)], FORMATS, ImportOptions(PARSE), lambda *_: None).refusals
    return refusal.removeprefix(f"{path}: ")


def test_a_refusal_gives_the_precise_reason(tmp_path: Path) -> None:
    escaping = tmp_path / "escaping.zip"
    with zipfile.ZipFile(escaping, "w") as archive:
        archive.writestr("../../etc/result.json", json.dumps(chat(said(1, "Mara", "a"))))

    assert refused(tmp_path, "cut.zip", escaping.read_bytes()[:60]).startswith("the zip is damaged or was cut short")
    assert "would lead out of its folder" in refused(tmp_path, "copy.zip", escaping.read_bytes())
    assert refused(tmp_path, "chat.json", b'{"what": "is this"}').startswith(
        "this is not a chat export of a known kind"
    )
    listed = refused(tmp_path, "chat.html", b"<html>")
    assert all(name in listed for name in ("WhatsApp", "Telegram Desktop", "Slack", "Discord", "JSON lines or CSV"))


def test_a_warning_names_its_line_once() -> None:
    told = [ImportWarning(None, "odd"), ImportWarning(3, "line 3 is odd"), ImportWarning(3, "odd")]

    assert [describe_warning(warning) for warning in told] == ["odd", "line 3 is odd", "line 3: odd"]


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_cannot_be_counted_while_it_unpacks_is_refused(tmp_path: Path, compression: int) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", compression) as archive:
        archive.writestr("result.json", b'{"messages": []' + b" " * (8 << 20))
    (refusal,) = read_paths([str(bomb)], FORMATS, ImportOptions(PARSE), lambda *_: None).refusals
    assert "bomb.zip: result.json is packed in an unusual way; unpack it and import the folder" in str(refusal)


@pytest.mark.parametrize("name", ["WhatsApp Chat with Tom.txt", "chat.csv"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path, name: str, encoding: str) -> None:
    bomb = tmp_path / "bomb.zip"
    begins = (
        "author,sent_at,text\nAnn,2024-05-03T21:14:00Z," if name.endswith("csv") else "03/05/2024, 21:14 - Ann: hi\n"
    )
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        member.write(begins.encode(encoding))
        for _ in range(20):
            member.write(("a" * (1 << 20)).encode(encoding.replace("-16", "-16-le")))
    (refusal,) = read_paths([str(bomb)], FORMATS, ImportOptions(PARSE), lambda *_: None).refusals
    assert "holds a single line of more than 8 million characters" in refusal


class EndlessMail(io.BytesIO):
    """Gives a mail of one line of 80 MB, and notes how much is asked for at once."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int | None] = []

    def readline(self, size: int | None = -1, /) -> bytes:
        self.asked.append(size)
        return (
            b"From a@b Thu May  2 10:00:00 2024\n" if len(self.asked) == 1 else b"a" * (len(self.asked) < 80) * MEBIBYTE
        )


def test_a_mail_of_one_line_without_end_is_read_in_pieces_up_to_its_limit() -> None:
    stream = EndlessMail()
    (mail,) = mbox._split(stream, WarningCounter("mail"))
    assert set(stream.asked) == {MEBIBYTE}
    assert len(mail) == mbox.LARGEST_MAIL


def test_a_bomb_in_an_archive_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("result.json", "w") as member:
        member.write(b'{"name": "x", "type": "personal_chat", "id": 1, "messages": [{"id": 1, "text": "')
        for _ in range(10):
            member.write(b"a" * (1 << 20))
    (refusal,) = read_paths([str(bomb)], FORMATS, ImportOptions(PARSE), lambda *_: None).refusals

    assert "holds a single text of more than 4 million characters" in refusal
