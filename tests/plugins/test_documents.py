from __future__ import annotations

from pathlib import Path

from bot import Attachment
from bot.testing import FakeAdapter, chat
from memory import Scope, Selection
from plugins.documents import DocumentsPlugin
from plugins.text.plugin import TextPlugin

FILES = {"museum.txt": b"The museum opens at nine.\n", "tram.txt": b"Tram 5 goes there.\n"}
PLUGINS = (DocumentsPlugin(), TextPlugin())


def sent(name: str) -> Attachment:
    return Attachment(name, "text/plain", name)


async def test_files_are_listed_searched_and_forgotten_whole(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, adapter=FakeAdapter(files=FILES)) as ann:
        assert await ann.says("/documents") == ["I haven't read any files yet. Send me one."]
        await ann.says("", sent("museum.txt"), sent("tram.txt"))
        (listed,) = await ann.says("/documents")
        assert [line.partition(", read")[0] for line in listed.splitlines()] == [
            "- 2: tram.txt (1 passage",
            "- 1: museum.txt (1 passage",
        ]
        assert len((await ann.says("/documents MUSEUM"))[0].splitlines()) == 1
        assert await ann.says("/documents zoo") == ["I haven't read a file of that name."]
        # Its one piece, and what the bot said of it: the receipt, the answer, the list.
        assert await ann.says("/documents forget 1") == ["Forgotten: museum.txt, 4 texts."]
        assert await ann.says("/documents forget 1") == ["I know no document 1; /documents lists them."]
        assert await ann.says("/documents forget it") == [
            "Say which: /documents forget 3, by its number in /documents."
        ]
        (left,) = await ann.memory.passages.select(Scope.all(), Selection(kinds=("document",)))
        assert left.author == "tram.txt"


async def test_what_was_left_out_of_a_file_is_said_with_it_and_stays_known(tmp_path: Path) -> None:
    page = b"<p>We open at nine.</p><p hidden>HIDDEN</p>"
    async with chat(tmp_path, plugins=PLUGINS, adapter=FakeAdapter(files={"page.html": page})) as ann:
        (said,) = await ann.says("", Attachment("page.html", "text/html", "page.html"))
        assert said.endswith("1 hidden text was left out.")
        assert (await ann.says("/documents"))[0].endswith(") 1 hidden text was left out.")
        (summary,) = await ann.memory.documents.summarize(Scope.all())
        assert summary.document.notes == ("1 hidden text was left out.",)


async def test_in_a_group_only_who_sent_a_file_may_forget_it_and_nobody_elsewhere_sees_it(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, adapter=FakeAdapter(files=FILES)) as ann:
        bob = ann.in_group("Trip").as_person("Bob")
        await bob.says("", sent("museum.txt"), addressed=True)
        carol = bob.as_person("Carol")
        assert "museum.txt" in (await carol.says("/documents"))[0]
        assert await carol.says("/documents forget 1") == ["In a group you can forget only what you sent yourself."]
        assert await ann.says("/documents") == ["I haven't read any files yet. Send me one."]
        assert await ann.says("/documents forget 1") == ["I know no document 1; /documents lists them."]
        assert await bob.says("/documents forget 1") == ["Forgotten: museum.txt, 3 texts."]
