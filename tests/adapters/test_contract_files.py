"""What must hold on every platform, the console included, of files that people send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from bot import Plugin, reads
from bot.reading import IncomingFile, PasswordNeeded, Piece, ReadItem
from plugins.text.plugin import TextPlugin
from tests.adapters import bots
from tests.adapters.seats import Seat, sees
from tests.adapters.test_contract import ana, bot  # noqa: F401 (a fixture is used by its name)
from tests.plugins.text.text_files import docx_file

PASSWORD = "tortoise42"  # noqa: S105 (a test's)


class Safe(Plugin):
    """Opens files that begin with "locked:", with the right password."""

    name = "safe"

    @reads("application/x-safe", endings=(".safe",))
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        if file.password != PASSWORD:
            raise PasswordNeeded(f"{file.name} is encrypted.")
        yield Piece("The spare key lies under the flowerpot.", "p. 1")


async def test_a_file_is_read_and_an_answer_says_where_in_it(ana: Seat, tmp_path: Path) -> None:  # noqa: F811 (as above)
    async with bot(ana, tmp_path, plugins=[TextPlugin()]):
        await ana.sends_file("museum.docx", docx_file())
        await sees(ana, r"I have read museum.docx: 4 passages\. Ask me about it\.")
        await ana.says("When does the museum open?")
        await sees(ana, r"We open at nine.*museum\.docx, section “Opening hours”")


async def test_a_damaged_file_is_told_of_in_one_sentence(ana: Seat, tmp_path: Path) -> None:  # noqa: F811 (as above)
    async with bot(ana, tmp_path, plugins=[TextPlugin()]):
        await ana.sends_file("museum.docx", docx_file()[:400])
        await sees(ana, r"museum\.docx is damaged")


async def test_a_password_is_asked_for_and_never_stored(ana: Seat, tmp_path: Path) -> None:  # noqa: F811 (as above)
    async with bot(ana, tmp_path, plugins=[Safe()]) as memory:
        await ana.sends_file("plan.safe", b"locked")
        await sees(ana, r"plan\.safe is encrypted\. What is its password\?")
        await ana.says(PASSWORD)
        await sees(ana, r"I have read plan\.safe")
        assert await bots.stored(memory, PASSWORD) == []
