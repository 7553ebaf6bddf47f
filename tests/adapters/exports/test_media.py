from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path

import pytest

from adapters.exports.parsed import ParseOptions
from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun
from adapters.exports.sources import installed_formats
from bot import Attachment, Context, Plugin, ingests, reads
from bot.context import Histories
from bot.errors import PasswordNeeded
from bot.pipeline.past_files import open_past_files
from bot.reading import IncomingFile, Piece, ReadItem
from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from tests.adapters.exports.telegram.files import chat, said, written
from tests.adapters.exports.test_histories import Quiet


class Reader(Plugin):
    """Takes texts in whole, tells of each, and fails on one that says so."""

    @ingests("text/plain")
    async def read(self, context: Context, attachment: Attachment) -> str:
        content = b"".join([piece async for piece in context.fetch(attachment)]).decode()
        if content == "broken":
            raise ValueError(content)
        caption = context.message.text
        await context.memory.add_document(
            attachment.name, "text/plain", content, [(f"{content} ({caption})", "line 1")]
        )
        return "I have read it."


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as opened:
        yield opened


async def imported(memory: Memory, path: Path, plugin: Plugin | None = None) -> ImportOutcome:
    owner, outcome = await memory.people.ensure("console", "owner", "You"), ImportOutcome()
    options = ImportOptions(ParseOptions(timezone=UTC), embed=False)
    async with open_past_files(memory, owner, [plugin or Reader()]) as past_files:
        assert past_files is not None
        run = ImportRun(Histories(memory), owner, installed_formats(), options, Quiet(), past_files=past_files)
        await run.import_paths([str(path)], outcome)
    return outcome


def history(folder: Path, *contents: str) -> Path:
    (folder / "files").mkdir(exist_ok=True)
    for n, content in enumerate(contents):
        (folder / "files" / f"{n}.txt").write_text(content)
    files = {n: f"files/{n}.txt" for n in range(len(contents))}
    return written(folder, chat(*(said(n + 1, "Mara", "/the plan", file=files[n]) for n in files), said(9, "Tom", "x")))


async def test_a_file_goes_to_the_plugin_of_its_kind_with_its_caption(memory: Memory, tmp_path: Path) -> None:
    path = history(tmp_path, "the ferry leaves at nine")
    await imported(memory, path)
    again = await imported(memory, path)
    found = await memory.passages.select(Scope.all(), Selection(kinds=("document",)))

    assert [(each.text, each.author, each.locator) for each in found] == [
        ("the ferry leaves at nine (/the plan)", "0.txt", "line 1")
    ]
    assert [report.new for report in again.reports] == [0]


async def test_undoing_the_import_takes_what_was_made_of_its_files(memory: Memory, tmp_path: Path) -> None:
    outcome = await imported(memory, history(tmp_path, "the ferry"))
    import_id = outcome.reports[0].import_id
    receipt = await memory.forget(Scope.all(), Selection(import_id=import_id))

    assert (receipt.passages, receipt.documents) == (3, 1)
    assert await memory.conversations.summarize(Scope.all()) == []


async def test_a_file_that_a_plugin_fails_on_is_named_and_the_rest_goes_on(memory: Memory, tmp_path: Path) -> None:
    (report,) = (await imported(memory, history(tmp_path, "broken", "fine"))).reports

    assert [warning.message for warning in report.warnings] == ["0.txt was not taken in: ValueError"]
    assert len(await memory.passages.select(Scope.all(), Selection(kinds=("document",)))) == 1
    assert report.new == 3


async def test_a_file_that_the_export_lacks_is_told_once(memory: Memory, tmp_path: Path) -> None:
    lacking = (said(n, "Mara", "look", file="files/plan.txt") for n in (1, 2))
    (report,) = (await imported(memory, written(tmp_path, chat(*lacking)))).reports

    assert [warning.message for warning in report.warnings] == [
        "plan.txt was not taken in: the export does not contain it"
    ]
    assert report.new == 2


class Pages(Plugin):
    """Reads what others do not take in."""

    name = "pages"

    @reads("text/markdown")
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        text = file.path.read_text("utf-8")
        if text == "locked":
            raise PasswordNeeded(f"{file.name} is encrypted.")
        yield Piece(text, "p. 1")


async def test_files_are_read_by_their_readers_and_go_with_their_message(memory: Memory, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    for name, content in {"plan.md": "the ferry leaves at nine", "secret.md": "locked"}.items():
        (tmp_path / "files" / name).write_text(content)
    messages = (said(1, "Mara", "", file="files/plan.md"), said(2, "Tom", "x", file="files/secret.md"))
    outcome = await imported(memory, written(tmp_path, chat(*messages)), Pages())
    (report,) = outcome.reports
    assert [warning.message for warning in report.warnings] == ["secret.md was not taken in: secret.md is encrypted."]
    (piece,) = await memory.passages.select(Scope.all(), Selection(kinds=("document",)))
    assert (piece.text, piece.author, piece.locator) == ("the ferry leaves at nine", "plan.md", "p. 1")
    (message,) = await memory.passages.select(Scope.all(), Selection(kinds=("message",), matching="plan.md"))
    assert piece.said_at == message.said_at
    await memory.forget(Scope.all(), Selection(passage_ids=(message.id,)))
    assert await memory.documents.summarize(Scope.all()) == []


async def test_without_a_plugin_for_files_nothing_is_opened(memory: Memory) -> None:
    owner = await memory.people.ensure("console", "owner", "You")
    async with open_past_files(memory, owner, [Plugin()]) as past_files:
        assert past_files is None
