"""The guide to plugins: its commands are run, its plugins do what it says, its tables are those of the program."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from bot import Attachment, Plugin, testing
from bot.configuration.settings import ProcessSettings, Settings
from bot.hosting.lifecycle import START_SECONDS
from bot.hosting.process import child, plugin, process
from bot.hosting.process.manifest import PROTOCOL
from bot.hosting.process.peer import LINE_LIMIT
from bot.hosting.process.serving import Served
from bot.hosting.registry import IMPORT_SECONDS
from bot.plugin import capabilities_of
from bot.testing import FakeAdapter, chat
from plugins.plugins import Action, PluginsPlugin
from tests.bot.commands.conftest import Cli

GUIDE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ scrubjay (.*)$", GUIDE, re.MULTILINE)
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


def namespace(*blocks: str, folder: Path = Path()) -> dict[str, Any]:
    names: dict[str, Any] = {"__file__": str(folder / "plugin.py")}
    for block in blocks:
        exec(compile(block, "docs/plugins.md", "exec", dont_inherit=True), names)  # noqa: S102 (the guide's own)
    return names


def test_every_command_of_the_guide_runs_in_an_empty_home_one_after_the_other(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    assert len(COMMANDS) == 6
    outputs = {command: cli.run(*shlex.split(command)).out for command in COMMANDS}
    assert "/weather" in outputs["plugins check weather/weather.py"]
    assert "is off" in outputs["plugins disable reminders"]


def test_every_block_is_used_here() -> None:
    first, second, translated, third = BLOCKS
    assert "class Weather(Plugin)" in first
    assert "class Quotes(Plugin)" in second
    assert "class Dice(Plugin)" in translated
    assert "async def test_it_tells_the_weather" in third


async def test_the_tests_of_the_guide_pass(tmp_path: Path) -> None:
    names = namespace(BLOCKS[0], BLOCKS[3])
    tests = [name for name in names if name.startswith("test_")]
    assert len(tests) == 2
    for name in tests:
        (tmp_path / name).mkdir()
        await names[name](tmp_path / name)


async def test_wrong_use_gets_the_sentence_and_group_talk_is_left_alone(tmp_path: Path) -> None:
    made: Plugin = namespace(BLOCKS[0])["Weather"]()
    async with chat(tmp_path, plugins=[made]) as ann:
        assert await ann.says("/w 9") == ["I look up to seven days ahead."]
        assert await ann.in_group("Trip").says("my umbrella is gone") == []


async def test_the_reader_of_the_guide_reads(tmp_path: Path) -> None:
    made: Plugin = namespace(BLOCKS[1])["Quotes"]()
    adapter = FakeAdapter(files={"good": "Less is more — Mies".encode(), "bad": b"no dash"})
    async with chat(tmp_path, plugins=[made], adapter=adapter) as ann:
        await ann.says("", Attachment("a.quotes", "text/x-quotes", "good", 21))
        assert "Less is more" in (await ann.says("Who said that less is more?"))[0]
        told = await ann.says("", Attachment("b.quotes", "text/x-quotes", "bad", 7))
        assert any("line 1: there is no — between" in each for each in told)


async def test_the_plugin_with_a_catalogue_speaks_the_language_of_the_chat(tmp_path: Path) -> None:
    folder = tmp_path / "dice"
    (folder / "locales").mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    said = 'msgid "You rolled {number}."\nmsgstr "Du hast {number} gewürfelt."\n'
    (folder / "locales" / "de.po").write_text(f"{header}\n{said}", encoding="utf-8")
    made: Plugin = namespace(BLOCKS[2], folder=folder)["Dice"]()
    async with chat(tmp_path, plugins=[made]) as ann:
        assert await ann.says("/roll") == ["You rolled 4."]
        await ann.says("Was weißt du über die Reise nach Porto?")
        assert await ann.says("/roll") == ["Du hast 4 gewürfelt."]


def test_the_settings_of_the_guide_are_settings() -> None:
    first, second = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert tomllib.loads(first)["project"]["entry-points"]["scrubjay.plugins"] == {"weather": "weather:Weather"}
    table = Settings.model_validate(tomllib.loads(second)).plugins.processes["weather"]
    assert table.python == Path.home() / "venvs/weather/bin/python"


def test_the_guide_and_the_plugin_know_the_same_actions() -> None:
    shown = set(re.findall(r"^\| `/plugins (\w+)", GUIDE, re.MULTILINE))
    assert shown | {"list"} == set(get_args(Action))
    (command,) = capabilities_of([PluginsPlugin()]).commands
    assert command.owner_only


def test_the_numbers_of_the_guide_are_those_in_force() -> None:
    assert (PROTOCOL, LINE_LIMIT, IMPORT_SECONDS, START_SECONDS) == (3, 16 << 20, 30, 60)
    assert (ProcessSettings().memory_mb, ProcessSettings().silent_seconds) == (2048, 30)
    assert process.ProcessOptions() == process.ProcessOptions(memory_mb=2048, silent_seconds=30)
    assert (plugin.BACKOFF[0], plugin.BACKOFF[-1]) == (0.5, 60)


@pytest.mark.parametrize("which", ["bot", "process"])
def test_the_methods_of_the_protocol_are_those_of_the_guide(which: str) -> None:
    protocol = GUIDE[GUIDE.index("### The protocol") : GUIDE.index("## When something")]
    if which == "bot":
        assert set(re.findall(r"^\| `(\w+)` ", protocol, re.MULTILINE)) == set(child.METHODS)
    else:
        named = set(re.findall(r"`((?:memory|store|jobs|access|talk|keep|model)\.[a-z_.]+)`", protocol))
        served = Served(Plugin()).methods
        assert named
        assert named <= set(served)


def test_the_harness_has_what_the_guide_says() -> None:
    assert all(hasattr(testing.Chat, name) for name in ("in_group", "as_person", "presses", "waits", "says"))
