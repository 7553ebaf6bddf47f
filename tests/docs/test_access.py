"""Runs the console blocks of the guide to access, and looks for each chat command in the plugin."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from bot.access.pairing import MINUTES, TRIES
from bot.plugin import capabilities_of
from plugins.access import AccessPlugin
from tests.bot.commands.conftest import Cli

GUIDE = (Path(__file__).parents[2] / "docs" / "access.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ scrubjay (.*)$", GUIDE, re.MULTILINE)


def test_every_command_of_the_guide_runs_in_an_empty_home_one_after_the_other(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    assert len(COMMANDS) == 6
    outputs = [cli.run(*shlex.split(command)).out for command in COMMANDS]
    assert ["Mara" in outputs[-1], "T024BE7LD" in outputs[-1]] == [True, True]


def test_the_guide_and_the_plugin_know_the_same_commands() -> None:
    known = {command.name for command in capabilities_of([AccessPlugin()]).commands}
    assert set(re.findall(r"`/(\w+)", GUIDE)) == known


def test_the_numbers_of_the_guide_are_those_in_force() -> None:
    assert (MINUTES, TRIES) == (10, 5)
    assert "good for ten minutes" in GUIDE
    assert "After five wrong codes" in GUIDE
