"""What a second export says of messages that are known: edited, deleted, with their files now, or forgotten."""

from __future__ import annotations

import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.exports.parsed import ParseOptions
from adapters.exports.report import ImportReport
from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun
from adapters.exports.sources import installed_formats
from bot.context import Histories
from bot.pipeline.past_files import open_past_files
from memory import Entry, Memory, Passage, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.records import ConversationRecord
from tests.adapters.exports.slack.test_export import said as slack_said
from tests.adapters.exports.slack.test_export import workspace, zipped
from tests.adapters.exports.telegram.files import EXCLUDED, chat, said, written
from tests.adapters.exports.test_histories import Quiet
from tests.adapters.exports.test_media import Reader

FIRST = """13/05/2024, 09:11 - Mara: hello Tom, how are you
13/05/2024, 09:12 - Tom: see you at seven
13/05/2024, 09:13 - Tom: the secret code is 4417
13/05/2024, 09:14 - Mara: thanks a lot
"""
SECOND = """13/05/2024, 09:11 - Mara: hello Tom, how are you
13/05/2024, 09:12 - Tom: see you at eight <This message was edited>
13/05/2024, 09:13 - Tom: This message was deleted
13/05/2024, 09:14 - Mara: thanks a lot
"""


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as opened:
        yield opened


async def imported(memory: Memory, path: Path, *, into: ConversationRecord | None = None) -> ImportReport:
    owner, outcome = await memory.people.ensure("console", "owner", "You"), ImportOutcome()
    options = ImportOptions(ParseOptions(timezone=UTC), embed=False, into=into)
    async with open_past_files(memory, owner, [Reader()]) as past_files:
        run = ImportRun(Histories(memory), owner, installed_formats(), options, Quiet(), past_files=past_files)
        await run.import_paths([str(path)], outcome)
    assert outcome.refusals == []
    return outcome.reports[0]


async def stored(memory: Memory, kind: str = "") -> list[Passage]:
    found = await memory.passages.select(Scope.all(), Selection(everything=True), newest_first=False)
    return [passage for passage in found if not kind or passage.kind == kind]


async def texts(memory: Memory) -> list[str]:
    return [passage.text for passage in await stored(memory) if passage.kind != "document"]


def whatsapp(folder: Path, text: str, name: str = "WhatsApp Chat with Tomas.txt") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.updated, report.deleted, report.forgotten


@pytest.mark.parametrize("name", ["WhatsApp Chat with Tomas.txt", "another name.txt"])
async def test_edited_and_deleted_messages_of_whatsapp_take_their_new_state(
    memory: Memory, tmp_path: Path, name: str
) -> None:
    await imported(memory, whatsapp(tmp_path, FIRST))
    second = await imported(memory, whatsapp(tmp_path, SECOND, name))
    again = await imported(memory, whatsapp(tmp_path, SECOND, name))
    older = await imported(memory, whatsapp(tmp_path, FIRST))

    assert [counts(each) for each in (second, again, older)] == [(0, 1, 1, 0), (0, 0, 0, 0), (0, 0, 0, 0)]
    assert await texts(memory) == [
        "hello Tom, how are you",
        "see you at eight",
        "[deleted message]",
        "thanks a lot",
    ]
    assert [passage.text for passage in await stored(memory, "system")] == ["[deleted message]"]
    assert await memory.upkeep.check() == []


async def test_of_several_messages_in_a_minute_the_right_one_is_changed(memory: Memory, tmp_path: Path) -> None:
    stamp = "13/05/2024, 09:11 - Tom:"
    await imported(memory, whatsapp(tmp_path, f"{stamp} one\n{stamp} two\n{stamp} three\n{stamp} four\n"))
    changed = (
        f"{stamp} one\n{stamp} This message was deleted\n{stamp} three!! <This message was edited>\n{stamp} four\n"
    )
    report = await imported(memory, whatsapp(tmp_path, changed))

    assert counts(report) == (0, 1, 1, 0)
    assert await texts(memory) == ["one", "[deleted message]", "three!!", "four"]


async def test_media_that_come_later_are_read_once(memory: Memory, tmp_path: Path) -> None:
    before = "13/05/2024, 09:11 - Mara: hello Tom\n13/05/2024, 09:12 - Tom: <Media omitted>\nthe voucher\n"
    after = before.replace("<Media omitted>", "voucher.txt (file attached)")
    await imported(memory, whatsapp(tmp_path, before))
    path = tmp_path / "WhatsApp Chat with Tomas.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("WhatsApp Chat with Tomas.txt", after)
        archive.writestr("voucher.txt", "two nights")
    second, third = await imported(memory, path), await imported(memory, path)

    assert [counts(each) for each in (second, third)] == [(0, 1, 0, 0), (0, 0, 0, 0)]
    assert await texts(memory) == ["hello Tom", "the voucher [document: voucher.txt]"]
    assert [passage.text for passage in await stored(memory, "document")] == ["two nights (the voucher)"]


async def test_telegrams_edits_and_files_come_with_the_same_id(memory: Memory, tmp_path: Path) -> None:
    at = datetime(2024, 5, 13, 9, 12, tzinfo=UTC)
    first = chat(said(2, "Tom", "at seven", at=at), said(3, "Tom", "the plan", at=at, file=EXCLUDED, file_name="p.txt"))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "p.txt").write_text("a plan")
    second = chat(
        said(2, "Tom", "at eight", at=at, edited="2024-05-13T10:00:00", edited_unixtime="1715590800"),
        said(3, "Tom", "the plan", at=at, file="files/p.txt", file_name="p.txt"),
        said(4, "Tom", "bye", at=at),
    )
    await imported(memory, written(tmp_path, first))
    report = await imported(memory, written(tmp_path, second))
    older = await imported(memory, written(tmp_path, first))

    assert [counts(each) for each in (report, older)] == [(1, 1, 0, 0), (0, 0, 0, 0)]
    assert await texts(memory) == ["at eight", "the plan [document: p.txt]", "bye"]
    assert [passage.text for passage in await stored(memory, "document")] == ["a plan (the plan)"]


async def test_slacks_edits_and_deletions_come_with_the_same_id(memory: Memory, tmp_path: Path) -> None:
    first = workspace(d2024_05_03=[slack_said("at seven"), slack_said("secret", ts="1714770841.000100")])
    second = workspace(
        d2024_05_03=[
            slack_said("at eight", edited={"user": "U1", "ts": "1714770900.000000"}),
            slack_said("This message was deleted.", ts="1714770841.000100", subtype="tombstone"),
        ]
    )
    await imported(memory, zipped(tmp_path, first))
    report = await imported(memory, zipped(tmp_path, second))

    assert counts(report) == (0, 1, 1, 0)
    assert await texts(memory) == ["at eight", "[deleted message]"]


async def test_discords_edits_come_with_the_same_id(memory: Memory, tmp_path: Path) -> None:
    def export(content: str, edited: str | None) -> Path:
        author = {"id": "4", "name": "ann"}
        message = {"id": "3", "type": "Default", "timestamp": "2024-05-03T21:14:00+00:00", "author": author,
                   "content": content, "timestampEdited": edited}  # fmt: skip
        head = {"guild": {"id": "1", "name": "g"}, "channel": {"id": "2", "type": "GuildTextChat", "name": "c"}}
        path = tmp_path / "c.json"
        path.write_text(json.dumps(head | {"messages": [message]}))
        return path

    await imported(memory, export("at seven", None))
    report = await imported(memory, export("at eight", "2024-05-03T22:00:00+00:00"))

    assert counts(report) == (0, 1, 0, 0)
    assert await texts(memory) == ["at eight"]


async def test_what_the_owner_forgot_of_an_import_does_not_come_back(memory: Memory, tmp_path: Path) -> None:
    await imported(memory, whatsapp(tmp_path, FIRST))
    await memory.forget(Scope.all(), Selection(matching="secret code"))
    longer = FIRST + "13/05/2024, 09:20 - Mara: and something new\n"
    report = await imported(memory, whatsapp(tmp_path, longer))

    assert counts(report) == (1, 0, 0, 1)
    assert "the secret code is 4417" not in await texts(memory)
    assert await memory.upkeep.check() == []


async def test_files_that_the_owner_forgot_do_not_come_back(memory: Memory, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "p.txt").write_text("a plan")
    path = written(tmp_path, chat(said(3, "Tom", "look", file="files/p.txt", file_name="p.txt")))
    await imported(memory, path)
    (document,) = await memory.documents.summarize(Scope.all())
    await memory.forget(Scope.all(), Selection(document_ids=(document.document.id,)))
    await imported(memory, path)

    assert await stored(memory, "document") == []
    assert await texts(memory) == ["look [document: p.txt]"]


async def test_an_import_that_was_undone_can_be_made_again(memory: Memory, tmp_path: Path) -> None:
    first = await imported(memory, whatsapp(tmp_path, FIRST))
    await memory.forget(Scope.all(), Selection(import_id=first.import_id))
    again = await imported(memory, whatsapp(tmp_path, FIRST))

    assert counts(again) == (4, 0, 0, 0)


async def test_a_basic_group_merges_with_what_was_heard_live(memory: Memory, tmp_path: Path) -> None:
    at = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    live = [
        "see here",
        "(location: 1.50000, 2.50000)",
        "(place: Café, Main St; 1.50000, 2.50000)",
        "(poll: Where? A / B)",
        "bold words",
        "caption",
    ]
    group = await memory.conversations.ensure("telegram", "-55", title="Old group", kind="group")
    await memory.passages.add(group, [Entry(text, at, "Zoe", event_id=f"-55:{n}") for n, text in enumerate(live)])
    point = {"latitude": 1.5, "longitude": 2.5}
    answers = [{"text": "A", "voters": 0, "chosen": False}, {"text": "B", "voters": 2, "chosen": False}]
    export = chat(
        said(5, "Zoe", ["see ", {"type": "text_link", "text": "here", "href": "https://x.org"}], at=at),
        said(6, "Zoe", "", at=at, location_information=point),
        said(7, "Zoe", "", at=at, location_information=point, place_name="Café", address="Main St"),
        said(8, "Zoe", "", at=at, poll={"question": "Where?", "closed": False, "answers": answers}),
        said(9, "Zoe", [{"type": "bold", "text": "bold"}, " words"], at=at),
        said(10, "Zoe", "caption", at=at, photo=EXCLUDED),
        said(11, "Zoe", "after", at=at),
        kind="private_group",
    )
    report = await imported(memory, written(tmp_path, export), into=group)

    assert counts(report) == (1, 0, 0, 0)
    assert [passage.text for passage in await stored(memory)] == [*live, "after"]


async def test_the_order_of_dates_is_taken_from_what_is_remembered_of_the_chat(memory: Memory, tmp_path: Path) -> None:
    lines = "05/11/2019, 14:18 - Ana: shall we meet\n05/11/2019, 14:19 - Bob: yes, at the pier\n"
    await imported(memory, whatsapp(tmp_path, lines + "05/13/2019, 10:00 - Ana: that was nice\n"))
    report = await imported(memory, whatsapp(tmp_path, lines))

    assert counts(report) == (0, 0, 0, 0)
    assert report.warnings == []


async def test_what_was_forgotten_does_not_come_back_as_its_edited_self(memory: Memory, tmp_path: Path) -> None:
    await imported(memory, whatsapp(tmp_path, FIRST))
    (secret,) = [passage for passage in await stored(memory) if "4417" in passage.text]
    await memory.forget(Scope.all(), Selection(passage_ids=(secret.id,)))
    edited = FIRST.replace("the secret code is 4417", "the secret code is 4418 <This message was edited>")
    again = await imported(memory, whatsapp(tmp_path, edited))

    assert counts(again) == (0, 0, 0, 1)
    assert not [text for text in await texts(memory) if "secret" in text]


async def test_an_edited_message_stays_beside_one_of_the_same_minute_that_was_forgotten(
    memory: Memory, tmp_path: Path
) -> None:
    first = FIRST.replace("09:14 - Mara", "09:13 - Tom")
    await imported(memory, whatsapp(tmp_path, first))
    (secret,) = [passage for passage in await stored(memory) if "4417" in passage.text]
    await memory.forget(Scope.all(), Selection(passage_ids=(secret.id,)))
    edited = first.replace("thanks a lot", "many thanks <This message was edited>")
    again = await imported(memory, whatsapp(tmp_path, edited))

    assert [counts(again), await texts(memory)] == [
        (0, 1, 0, 1),
        ["hello Tom, how are you", "see you at seven", "many thanks"],
    ]


@pytest.mark.parametrize("html_first", [True, False])
async def test_telegrams_html_and_its_json_are_one_chat(memory: Memory, tmp_path: Path, *, html_first: bool) -> None:
    words = ["hello there", "the code is 4417", "thanks"]
    as_json = written(tmp_path, chat(*(said(n, "Mara", text) for n, text in enumerate(words, 1))))
    page = "".join(
        f'<div class="message default clearfix" id="message{n}"><div class="body"><div class="pull_right date details" '
        f'title="03.05.2024 21:{14 + n}:00 UTC+00:00">x</div><div class="from_name">Mara</div>'
        f'<div class="text">{text}</div></div></div>\n'
        for n, text in enumerate([*words, "see you"], 1)
    )
    as_html = tmp_path / "pages" / "messages.html"
    as_html.parent.mkdir()
    title = '<div class="page_header"><div class="text bold">Lisbon trip</div></div>'
    as_html.write_text(f'<html><body><div class="page_wrap">{title}\n{page}</div></body></html>', "utf-8")
    for path in (as_html, as_json) if html_first else (as_json, as_html):
        await imported(memory, path)

    assert await texts(memory) == [*words, "see you"]
