"""Holds the conversations of the guide to reminders, and the settings that it names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.answering.records import AnswerOptions
from bot.plugin import capabilities_of
from bot.testing import chat
from plugins.reminders import RemindersPlugin

GUIDE = (Path(__file__).parents[2] / "docs" / "reminders.md").read_text("utf-8")


async def test_the_conversations_of_the_guide_are_true(tmp_path: Path) -> None:
    turns = "\n".join(re.findall(r"^```chat\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))
    script = re.findall(r"^Ann: (.*)\nScrubjay: ((?:(?!Ann: ).*(?:\n|\Z))+)", turns, re.MULTILINE)
    assert len(script) == 8
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=AnswerOptions(zone=ZoneInfo("UTC"))) as ann:
        for said, answered in script:
            (reply,) = await ann.says(said)
            assert reply.startswith(answered.strip())


def test_the_guide_and_the_plugin_know_the_same_commands() -> None:
    known = {command.name for command in capabilities_of([RemindersPlugin()]).commands}
    assert set(re.findall(r"`/(\w+)", GUIDE)) == known


def test_the_settings_of_the_guide_are_the_defaults() -> None:
    (block,) = re.findall(r"^```toml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    table = tomllib.loads(block)["plugins"]["settings"]["reminders"]
    assert RemindersPlugin.Settings.model_validate(table) == RemindersPlugin.Settings()
    assert set(table) == set(RemindersPlugin.Settings.model_fields)
