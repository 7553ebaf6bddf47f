"""Holds the guide to Slack, its manifest and the example of its settings against what the adapter really takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from adapters.slack.checks import HELPFUL, NEEDED
from adapters.slack.settings import EventsSettings, SlackSettings
from bot.plugin import capabilities_of
from plugins.access import AccessPlugin
from plugins.catchup import CatchupPlugin
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "slack.md").read_text("utf-8")
MANIFEST = (ROOT / "docs" / "slack-manifest.yaml").read_text("utf-8")
EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")


def test_the_manifest_declares_commands_that_exist_and_all_that_everybody_needs() -> None:
    declared = set(re.findall(r"- command: /(\w+)", MANIFEST))
    plugins = capabilities_of([MemoryPlugin(), HelpPlugin(), AccessPlugin(), CatchupPlugin()])
    known = {command.name for command in plugins.commands}
    assert declared - known == {"scrubjay"}
    assert {command.name for command in capabilities_of([MemoryPlugin(), HelpPlugin()]).commands} <= declared


def test_the_manifest_asks_for_every_scope_that_the_doctor_looks_for() -> None:
    asked = re.search(r"^    bot:\n((?:      - .*\n)+)", MANIFEST, re.MULTILINE)
    assert asked
    assert {*NEEDED, *HELPFUL} <= set(re.findall(r"- (\S+)", asked[1]))


def test_the_settings_of_the_guide_are_good_settings() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        SlackSettings.model_validate(tomllib.loads(block)["adapters"]["slack"])


def test_the_example_shows_every_setting_with_its_default() -> None:
    start = EXAMPLE.index("#[adapters.slack]")
    shown = re.sub(r"^#(?=[\[a-z])", "", EXAMPLE[start : EXAMPLE.index("\n\n[", start)], flags=re.MULTILINE)
    table = tomllib.loads(shown)["adapters"]["slack"]
    assert set(table) == set(SlackSettings.model_fields)
    assert set(table["http"]) == set(EventsSettings.model_fields)
    settings = SlackSettings.model_validate(table)
    for name, field in SlackSettings.model_fields.items():
        if not field.is_required() and field.default is not None:
            assert getattr(settings, name) == field.default
