"""Runs what the guide to histories says, and compares its lists with the program."""

from __future__ import annotations

import inspect
import re
import shlex
from datetime import UTC
from pathlib import Path

import pytest

from adapters.exports.command import import_history
from adapters.exports.parsed import ExportFormat, ParseOptions
from adapters.exports.plain.export import PlainExport
from adapters.exports.plain.records import AUTHOR, SENT_AT, TEXT
from adapters.exports.sources import find_sources, installed_formats
from tests.adapters.exports.apps.examples import EXAMPLES
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


def test_the_table_says_what_is_read_of_each_installed_format(tmp_path: Path) -> None:
    rows = [row for row in GUIDE.split("\n") if re.match(r"\| `\w+`: ", row)]

    assert rows == [describe(each, tmp_path) for each in installed_formats()]


def describe(kind: ExportFormat, folder: Path) -> str:
    """Return a row of the table, from what is read of an export that holds all."""
    example = EXAMPLES[kind.name]
    path = folder / kind.name / example.file
    path.parent.mkdir()
    path.write_bytes(example.content)
    (source,) = find_sources(path, installed_formats())
    assert source.format.name == kind.name
    chats = source.format.open(path, ParseOptions(timezone=UTC))
    said = [message for chat in chats for message in chat.messages]
    files = [file for message in said for file in message.attachments]
    cells = [
        "yes" if any(message.text for message in said) else "",
        "yes" if any(message.author for message in said) else "",
        "yes" if all(message.sent_at.year == 2024 or kind.name == "chatgpt" for message in said) else "",
        "yes" if any(not file.omitted for file in files) else "names" if files else "",
        "yes" if any(message.edited for message in said) else "",
        "yes" if any(message.deleted for message in said) else "",
        "yes" if any(message.reply_to or message.thread for message in said) else "",
        "yes" if any(message.kind == "system" for message in said) else "",
    ]
    return f"| `{kind.name}`: {kind.label} | {' | '.join(cells)} |".replace("  |", " |")


def test_the_commands_of_the_guide_run_one_after_the_other(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    (tmp_path / "WhatsApp Chat with Lisbon trip.zip").write_text(CHAT, encoding="utf-8")
    commands = re.findall(r"^\$ scrubjay (.*)$", GUIDE, re.MULTILINE)
    outputs = [cli.run(*shlex.split(command)).out for command in commands]

    assert len(outputs) == 5
    assert "2 new" in outputs[0]
    assert outputs[-1].startswith("Forgotten: 2 memories")
