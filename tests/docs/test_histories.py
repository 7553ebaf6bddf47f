"""Runs what the guide to histories says, and compares its lists with the program."""

from __future__ import annotations

import inspect
import re
import shlex
from datetime import UTC
from pathlib import Path

import pytest

from adapters.exports.command import import_history
from adapters.exports.parsed import ParseOptions
from adapters.exports.plain.export import PlainExport
from adapters.exports.plain.records import AUTHOR, SENT_AT, TEXT
from adapters.exports.sources import installed_formats
from tests.bot.commands.conftest import Cli

GUIDE = (Path(__file__).parents[2] / "docs" / "histories.md").read_text("utf-8")
CHAT = "03/05/2024, 21:12 - Jonas: hotel?\n13/05/2024, 21:14 - Mara: booked the hotel\n"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("language", ["json", "csv"])
def test_the_shapes_that_the_guide_shows_are_read(tmp_path: Path, language: str) -> None:
    path = tmp_path / "shown"
    path.write_text(block(language), encoding="utf-8")
    ((title, said),) = [
        (chat.title, [(message.author, message.text) for message in chat.messages])
        for chat in PlainExport().open(path, ParseOptions(timezone=UTC))
    ]

    assert title == "Lisbon trip"
    assert said == [("Mara", "booked the hotel"), ("Tom", "great!")]


def test_every_option_of_the_import_is_described() -> None:
    options = {
        f"--{name.removeprefix('as_').replace('_', '-')}" for name in inspect.signature(import_history).parameters
    }
    options = options - {"--context", "--paths", "--embed", "--media"} | {"--no-embed", "--no-media"}

    assert [option for option in sorted(options) if f"`{option}" not in GUIDE] == []


def test_every_name_that_a_plain_file_may_use_is_described() -> None:
    assert [name for name in (*AUTHOR, *SENT_AT, *TEXT) if f"`{name}`" not in GUIDE] == []


def test_every_installed_format_has_its_place() -> None:
    known = {"whatsapp": "WhatsApp", "telegram": "Telegram", "slack": "Slack", "discord": "Discord"}
    names = {name: f"### {label}" for name, label in known.items()} | {"plain": "### Everything else"}

    assert {each.name for each in installed_formats()} == names.keys()
    assert all(heading in GUIDE for heading in names.values())


def test_the_commands_of_the_guide_run_one_after_the_other(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    (tmp_path / "WhatsApp Chat with Lisbon trip.zip").write_text(CHAT, encoding="utf-8")
    commands = re.findall(r"^\$ scrubjay (.*)$", GUIDE, re.MULTILINE)
    outputs = [cli.run(*shlex.split(command)).out for command in commands]

    assert len(outputs) == 5
    assert "2 new" in outputs[0]
    assert outputs[-1].startswith("Forgotten: 2 memories")
