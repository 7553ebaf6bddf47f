"""Runs the console blocks of the guide, and compares its tables with the program."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

from bot import errors
from bot.commands.lazy_commands import MEMORY_FAILED
from bot.commands.transfer import export_record
from bot.models.download import DownloadError
from memory import Entry, Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from tests.bot.commands.conftest import Cli

GUIDE = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ scrubjay (.*)$", GUIDE, re.MULTILINE)


def test_every_command_of_the_guide_runs_in_an_empty_home_one_after_the_other(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    assert len(COMMANDS) > 10
    outputs = {command: cli.run(*shlex.split(command)).out for command in COMMANDS}
    assert "tortoise42" in outputs['ask "what is the wifi password?"']
    assert len((tmp_path / "everything.jsonl").read_text("utf-8").splitlines()) == 2


def test_the_exit_codes_of_the_guide_are_those_of_the_errors() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", GUIDE, re.MULTILINE)}
    raised = {each.exit_code for each in vars(errors).values() if isinstance(each, type) and hasattr(each, "exit_code")}
    assert raised | {0, MEMORY_FAILED, DownloadError.exit_code, 130} == documented


async def test_each_key_of_an_export_is_described(tmp_path: Path) -> None:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("console", "chat")
        await memory.passages.add(place, [Entry("text", datetime.now(UTC))])
        (passage,) = await memory.passages.select(Scope.all(), Selection(everything=True))
    described = GUIDE[GUIDE.index("A line of an export") : GUIDE.index("## Models")]
    assert [key for key in export_record(passage) if f"`{key}`" not in described] == []
