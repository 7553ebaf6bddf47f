"""The page about everyday use: its commands are there, its times are told, and its console block runs."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.periods.past import moment_of
from bot.plugin import capabilities_of
from plugins.catchup import CatchupPlugin
from plugins.chat import ChatPlugin
from plugins.facts import FactsPlugin
from plugins.feedback import FeedbackPlugin
from plugins.memory import MemoryPlugin
from tests.bot.commands.conftest import Cli

PAGE = (Path(__file__).parents[2] / "docs" / "everyday.md").read_text("utf-8")
NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)


def test_the_commands_of_the_page_are_those_of_the_plugins() -> None:
    own = capabilities_of([CatchupPlugin(), FactsPlugin(), FeedbackPlugin(), ChatPlugin()]).commands
    others = capabilities_of([MemoryPlugin()]).commands
    named = set(re.findall(r"`/(\w+)", PAGE))
    assert {command.name for command in own} <= named <= {command.name for command in (*own, *others)}


@pytest.mark.parametrize("words", re.findall(r"`/catchup ([^`]+)`", PAGE))
def test_the_times_of_the_page_are_told(words: str) -> None:
    assert moment_of(words, NOON) is not None


def test_the_numbers_of_the_page_are_those_in_force() -> None:
    assert FactsPlugin.Settings().minutes == 10
    assert "every ten minutes" in PAGE


def test_the_console_block_runs_in_an_empty_home(tmp_path: Path) -> None:
    (command,) = re.findall(r"^\$ scrubjay (.*)$", PAGE, re.MULTILINE)
    Cli(tmp_path).run(*shlex.split(command))
    assert (tmp_path / "judged.jsonl").read_text() == ""
