"""Files of every kind that are sent in a chat, read in child processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import Attachment
from bot.testing import FakeAdapter, chat
from memory import Scope, Selection
from plugins.text.plugin import TextPlugin
from tests.plugins.text.text_files import docx_file, every_kind

SAID = {
    "a.ass": "0:44, 1 passage",
    "a.docx": "4 passages",
    "a.eml": "2 passages",
    "a.epub": "2 chapters, 3 passages",
    "a.html": "3 passages",
    "a.ics": "1 entry, 1 passage",
    "a.ipynb": "2 cells, 2 passages",
    "a.md": "20 lines, 4 passages",
    "a.pptx": "2 slides, 3 passages",
    "a.py": "21 lines, 4 passages",
    "a.rs": "12 lines, 3 passages",
    "a.rst": "1 passage",
    "a.rtf": "1 passage",
    "a.srt": "0:44, 2 passages",
    "a.txt": "3 lines, 1 passage",
    "a.vcf": "1 entry, 1 passage",
    "a.vtt": "1:02:05, 2 passages",
    "a.xlsx": "2 sheets, 2 passages",
}


async def test_a_file_of_every_kind_is_read_as_a_platform_sends_it(tmp_path: Path) -> None:
    files = every_kind()
    assert set(SAID) == set(files)
    async with chat(tmp_path, plugins=[TextPlugin()], adapter=FakeAdapter(files=files)) as ann:
        for name in files:
            (told,) = await ann.says("", Attachment(name, "application/octet-stream", name, len(files[name])))
            assert told.startswith(f"I have read {name}: "), told
            assert told.removeprefix(f"I have read {name}: ").startswith(f"{SAID[name]}. Ask me about it.")


async def test_an_answer_from_a_document_says_where_in_it(tmp_path: Path) -> None:
    files = {"talk.pptx": every_kind()["a.pptx"]}
    async with chat(tmp_path, plugins=[TextPlugin()], adapter=FakeAdapter(files=files)) as ann:
        await ann.says("", Attachment("talk.pptx", "", "talk.pptx"))
        await ann.says("What do tickets cost?")
        source = ann.last.sources[0]
        assert (source.author, source.locator) == ("talk.pptx", "slide 2")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.docx", b"Just a text.\n", "a.docx is really plain text, whatever its ending says, so I read it as that."),
        ("a.txt", docx_file(), "a.txt is really a Word document, whatever its ending says, so I read it as that."),
        ("a.docx", b"PK\x03\x04 cut short", "a.docx is damaged: its parts can't be found (File is not a zip file)."),
        ("a.txt", b"", "a.txt is empty."),
        ("a.txt", b" \n\n", "I found no text in a.txt."),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "it is of the kind image/png, and no plugin reads such files."),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_told_of(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    async with chat(tmp_path, plugins=[TextPlugin()], adapter=FakeAdapter(files={"1": data})) as ann:
        (said,) = await ann.says("", Attachment(name, "", "1"))
        assert said.endswith(told)
        stored = await ann.memory.passages.select(Scope.all(), Selection(kinds=("document",)))
        assert bool(stored) == said.startswith("I have read")
