from __future__ import annotations

import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from adapters.exports.apps.kakaotalk import KakaoTalkExport
from adapters.exports.dry_run import MessageRecord, read_paths, to_record
from adapters.exports.parsed import ExportFormat, ParsedChat, ParsedMessage
from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun
from adapters.exports.whatsapp.export import WhatsApp
from bot.context import Histories
from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder

CHAT = """\
03/05/2024, 21:10 - Mara created group "Lisbon trip"
03/05/2024, 21:12 - Jonas: did anyone book the hotel?
03/05/2024, 21:14 - Mara: booked the hotel, Rua da Rosa
25/05/2024, 21:15 - Mara: IMG-20240503-WA0001.jpg (file attached)
our room
25/05/2024, 09:01 - Jonas: This message was deleted
"""
FORMATS = (WhatsApp(),)


class Listening:
    """Writes down what it is told of the progress."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, object]] = []

    def begin_chat(self, title: str) -> None:
        self.heard.append(("reading", title))

    def add_stored(self, messages: int) -> None:
        self.heard.append(("stored", messages))

    def begin_embedding(self, passages: int) -> None:
        self.heard.append(("embedding", passages))

    def add_embedded(self, passages: int) -> None:
        self.heard.append(("embedded", passages))


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as opened:
        yield opened


def chat_file(folder: Path, name: str = "WhatsApp Chat with Lisbon trip.txt", text: str = CHAT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


async def imported(
    memory: Memory,
    *paths: object,
    options: ImportOptions | None = None,
    formats: Sequence[ExportFormat] = FORMATS,
) -> ImportOutcome:
    outcome = ImportOutcome()
    owner = await memory.people.ensure("console", "owner", "You")
    run = ImportRun(Histories(memory), owner, formats, options or ImportOptions(), Listening())
    await run.import_paths([str(path) for path in paths], outcome)
    return outcome


async def texts(memory: Memory) -> list[str]:
    found = await memory.passages.select(Scope.all(), Selection(everything=True), newest_first=False)
    return [passage.text for passage in found]


async def test_an_export_is_stored_whole_and_embedded(memory: Memory, tmp_path: Path) -> None:
    outcome = await imported(memory, chat_file(tmp_path))

    (report,) = outcome.reports
    assert (report.format, report.conversation, report.messages, report.new) == ("whatsapp", "Lisbon trip", 5, 5)
    assert outcome.refusals == []
    assert "our room [photo: IMG-20240503-WA0001.jpg]" in await texts(memory)
    assert await memory.embeddings.count_pending() == 0


async def test_embedding_can_be_left_for_later(memory: Memory, tmp_path: Path) -> None:
    await imported(memory, chat_file(tmp_path), options=ImportOptions(embed=False))

    assert await memory.embeddings.count_pending() == 5


async def test_the_progress_says_what_is_read_stored_and_embedded(memory: Memory, tmp_path: Path) -> None:
    progress = Listening()
    owner = await memory.people.ensure("console", "owner", "You")
    run = ImportRun(Histories(memory), owner, FORMATS, ImportOptions(), progress)
    await run.import_paths([str(chat_file(tmp_path))], ImportOutcome())

    assert progress.heard[:2] == [("reading", "Lisbon trip"), ("stored", 5)]
    assert progress.heard[2][0] == "embedding"


async def test_a_bad_file_does_not_stop_the_others(memory: Memory, tmp_path: Path) -> None:
    good = chat_file(tmp_path)
    binary = tmp_path / "photo.jpg"
    binary.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    empty = tmp_path / "empty.txt"
    empty.touch()
    other = tmp_path / "notes.txt"
    other.write_text("just some notes\nof mine\n")
    outcome = await imported(memory, tmp_path / "missing.txt", binary, empty, other, good)

    assert [report.new for report in outcome.reports] == [5]
    missing, no_text, nothing, unknown = outcome.refusals
    assert missing == f"{tmp_path / 'missing.txt'}: there is no such file; check its name"
    assert no_text.startswith(f"{binary}: this is a binary file, not a chat export; supported are WhatsApp")
    assert nothing.startswith(f"{empty}: the file is empty")
    assert unknown.startswith(f"{other}: this is not a chat export of a known kind; supported are WhatsApp")


async def test_a_folder_gives_all_the_exports_in_it_and_passes_over_the_rest(memory: Memory, tmp_path: Path) -> None:
    chat_file(tmp_path / "all" / "trip")
    chat_file(tmp_path / "all" / "mara", "WhatsApp Chat with Mara.txt", CHAT.replace("hotel", "flight"))
    (tmp_path / "all" / "readme.md").write_text("what is this")
    outcome = await imported(memory, tmp_path / "all")

    assert sorted(report.conversation for report in outcome.reports) == ["Lisbon trip", "Mara"]
    assert outcome.refusals == []


async def test_a_folder_without_an_export_is_refused(memory: Memory, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (refusal,) = (await imported(memory, tmp_path / "pictures")).refusals

    assert refusal.startswith(f"{tmp_path / 'pictures'}: this folder holds no chat export")


def zipped(target: Path, *files: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for file in files:
            archive.write(file, file.name)
    return target


async def test_exports_zipped_together_are_imported_each_by_itself(memory: Memory, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    trip = zipped(folder / "WhatsApp Chat - Lisbon trip.zip", chat_file(folder, "_chat.txt"))
    home = zipped(folder / "WhatsApp Chat - Home.zip", chat_file(folder, "_chat.txt", CHAT.replace("hotel", "plumber")))
    cut = folder / "cut.zip"
    cut.write_bytes(trip.read_bytes()[:-40])
    outcome = await imported(memory, zipped(tmp_path / "all.zip", trip, cut, home))

    assert [report.conversation for report in outcome.reports] == ["Lisbon trip", "Home"]
    assert outcome.refusals == []
    assert len(await texts(memory)) == 10


async def test_an_archive_of_archives_is_opened_one_level_deep_and_no_further(memory: Memory, tmp_path: Path) -> None:
    innermost = zipped(tmp_path / "WhatsApp Chat - Trip.zip", chat_file(tmp_path, "_chat.txt"))
    inner = zipped(tmp_path / "inner.zip", innermost)
    outcome = await imported(memory, zipped(tmp_path / "outer.zip", inner))

    (refusal,) = outcome.refusals
    assert refusal.startswith(f"{tmp_path / 'outer.zip'}: this archive holds no chat")


async def test_what_is_wrong_with_an_archive_in_an_archive_is_said_by_its_name(memory: Memory, tmp_path: Path) -> None:
    open_order = chat_file(tmp_path, "_chat.txt", "03/05/2024, 21:12 - Jonas: did anyone book?\n")
    outer = zipped(tmp_path / "all.zip", zipped(tmp_path / "WhatsApp Chat - Trip.zip", open_order))
    outcome = await imported(memory, outer, options=ImportOptions(strict=True))

    (refusal,) = outcome.refusals
    assert refusal.startswith(f"{outer}/WhatsApp Chat - Trip.zip: not imported because of --strict")


async def test_a_pattern_that_the_shell_left_alone_is_expanded(memory: Memory, tmp_path: Path) -> None:
    chat_file(tmp_path)
    found = await imported(memory, tmp_path / "*.txt")
    none = await imported(memory, tmp_path / "*.zip")

    assert [report.new for report in found.reports] == [5]
    assert none.refusals == [f"{tmp_path / '*.zip'}: no file fits this pattern"]


async def test_a_file_whose_name_looks_like_a_pattern_is_that_file(memory: Memory, tmp_path: Path) -> None:
    outcome = await imported(memory, chat_file(tmp_path, "chat [1].txt"))

    assert [report.new for report in outcome.reports] == [5]


async def test_strict_refuses_a_file_with_anything_unclear_and_stores_nothing(memory: Memory, tmp_path: Path) -> None:
    unclear = chat_file(tmp_path, text="03/05/2024, 21:12 - Jonas: hi\n03/05/2024, 21:14 - Mara: ho\n")
    strict = await imported(memory, unclear, options=ImportOptions(strict=True))
    lenient = await imported(memory, unclear)

    (refusal,) = strict.refusals
    assert "--strict" in refusal
    assert strict.reports == []
    assert [report.new for report in lenient.reports] == [2]
    assert lenient.reports[0].warnings


async def test_a_title_names_the_conversation(memory: Memory, tmp_path: Path) -> None:
    await imported(memory, chat_file(tmp_path), options=ImportOptions(title="Summer 2024"))

    (summary,) = await memory.conversations.summarize(Scope.all())
    assert summary.conversation.title == "Summer 2024"


def test_a_dry_run_gives_each_message_in_file_order_and_reports(tmp_path: Path) -> None:
    messages: list[ParsedMessage] = []
    records: list[MessageRecord] = []

    def emit(chat: ParsedChat, platform: str, message: ParsedMessage) -> None:
        messages.append(message)
        records.append(to_record(chat, platform, message))

    outcome = read_paths([str(chat_file(tmp_path))], FORMATS, ImportOptions(), emit)

    assert [record["author"] for record in records] == [None, "Jonas", "Mara", "Mara", "Jonas"]
    assert json.loads(json.dumps(records[3])) == {
        "author": "Mara",
        "sent_at": messages[3].sent_at.isoformat(),
        "text": "our room",
        "kind": "message",
        "attachments": [{"name": "IMG-20240503-WA0001.jpg", "kind": "image", "omitted": False, "path": None}],
        "edited": False,
        "deleted": False,
        "conversation": {"platform": "whatsapp", "id": None, "title": "Lisbon trip", "kind": None},
        "id": None,
        "author_id": None,
        "reply_to": None,
        "thread": None,
        "link": None,
    }
    assert records[4]["deleted"]
    (report,) = outcome.reports
    assert (report.messages, report.new, report.system, report.attachments) == (5, 0, 1, 1)


def test_a_dry_run_names_what_it_can_not_read(tmp_path: Path) -> None:
    outcome = read_paths([str(tmp_path / "missing.zip")], FORMATS, ImportOptions(), lambda *_: None)

    assert outcome.refusals == [f"{tmp_path / 'missing.zip'}: there is no such file; check its name"]


async def test_a_file_of_a_known_kind_without_a_message_is_refused_in_words(memory: Memory, tmp_path: Path) -> None:
    silent = tmp_path / "talk.txt"
    silent.write_text("KakaoTalk Chats with Ana\nDate Saved : 2024-05-04\n\nnothing at all\n")
    outcome = await imported(memory, silent, formats=(KakaoTalkExport(),))

    assert [report.messages for report in outcome.reports] == [0]
    assert outcome.refusals == [
        f"{silent}: it looks like an export of KakaoTalk, but holds no message that can be read"
    ]
