from __future__ import annotations

import importlib
import re
import subprocess
import sys
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path

import pytest
import typer

from bot.commands.cli import Commands
from bot.commands.lazy_commands import COMMANDS
from tests.bot.commands.conftest import ROOT, Cli

HEAVY = (
    "adapters.exports.command",
    "aiosqlite",
    "asyncio",
    "bot.answering.answer",
    "bot.answering.prompting.prompt",
    "bot.app",
    "bot.pipeline.core",
    "chardet",
    "fastembed",
    "httpx",
    "jinja2",
    "llama_cpp",
    "memory.search.recall",
    "memory.sqlite",
    "onnxruntime",
    "memory.memory",
    "memory.records",
    "numpy",
    "py_rust_stemmers",
    "pydantic",
    "rich",
)
MOST_MODULES = 18
"""Of our own; --help needs fifteen."""

OURS = ("bot", "memory", "plugins", "adapters")
NEVER = (
    "bot.app",
    "bot.pipeline.core",
    "bot.hosting.registry",
    "httpx",
    "jinja2",
    "llama_cpp",
    "onnx",
    "plugins",
    "adapters",
)
"""What no command needs that has one thing to do."""
STORING = (*NEVER, "bot.answering.answer", "bot.answering.records", "bot.events", "memory.timeline.rules", "rich")
IMPORTED = (
    (("--help",), (*HEAVY, "bot.configuration.settings"), 20),
    (("ask", "when did we book the hotel?"), (*NEVER, "rich"), 330),
    (("remember", "The wifi password is tortoise42"), (*STORING, "memory.search.recall"), 185),
    (
        ("memories", "--search", "hotel"),
        (*NEVER, "bot.answering.answer", "bot.answering.records", "rich.progress"),
        230,
    ),
)
"""Commands, what they need not import, and how many modules of ours they may: some twenty more than today."""


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path)


def names() -> list[str]:
    return [*Commands.table, *(entry.name for entry in entry_points(group=COMMANDS))]


@pytest.mark.parametrize("name", Commands.table)
def test_what_the_list_says_of_a_command_is_what_the_command_says(name: str) -> None:
    module, attribute = Commands.table[name].target.split(":")
    found = getattr(importlib.import_module(module), attribute)
    said = found.info.help if isinstance(found, typer.Typer) else found.__doc__
    assert str(said).startswith(Commands.table[name].help)


def functions_of(name: str) -> list[object]:
    target = Commands.table.get(name)
    found = EntryPoint(name, target.target, COMMANDS).load() if target else entry_points(group=COMMANDS)[name].load()
    return [each.callback for each in found.registered_commands] if isinstance(found, typer.Typer) else [found]


@pytest.mark.parametrize("name", names())
def test_each_command_shows_an_example_in_its_help(name: str) -> None:
    for function in functions_of(name):
        assert "Example: scrubjay " in str(function.__doc__), function


def test_help_lists_every_command_and_the_exit_codes(cli: Cli) -> None:
    said = cli.run("--help").out
    assert all(f"\n  {name} " in said for name in names())
    assert said.index("Every day:") < said.index("\n  ask ") < said.index("Setting up:") < said.index("Running:")
    assert "More:" not in said
    assert "Exit codes: 0 done" in said


def test_help_lists_commands_of_adapters_in_the_language_of_the_terminal_too(cli: Cli) -> None:
    cli.env["LANGUAGE"] = "de"
    said = " ".join(cli.run("--help").out.split())
    assert "import Merkt sich exportierte Chatverläufe" in said
    assert "Stellt dein Gedächtnis einem Programm bereit, das MCP spricht" in said


@pytest.mark.parametrize(
    ("arguments", "usage", "why"),
    [
        (("ask",), "ask [OPTIONS] ", "QUESTION fehlt."),
        (("xyzzy",), "[OPTIONS] COMMAND", "Den Befehl „xyzzy“ gibt es nicht."),
        (("--datta", "x", "ask"), "[OPTIONS] COMMAND", "Die Option --datta gibt es nicht. Meinst du --data?"),
        (("keys", "revoke", "a", "b"), "keys revoke", "Das ist zu viel: b."),
    ],
)
def test_a_wrong_command_line_is_told_in_the_language_of_the_terminal(
    cli: Cli, arguments: tuple[str, ...], usage: str, why: str
) -> None:
    cli.env["LANGUAGE"] = "de"
    said = cli.run(*arguments, code=2).err
    assert said.startswith(f"Aufruf: scrubjay {usage}")
    assert f"Fehler: {why}" in said
    assert "-h` erklärt ihn." in said
    assert cli.run("ask", "hi", "--seed", code=2).err == "Fehler: --seed braucht einen Wert.\n"


def test_lists_have_no_word_of_english_in_their_heads_nor_a_catalogue(cli: Cli) -> None:
    cli.env["LANGUAGE"] = "de"
    chat = cli.home / "chat.csv"
    chat.write_text("author,text,time\nAnn,Der Schlüssel liegt im Schuppen,2024-05-03T10:00:00\n")
    cli.run("import", str(chat))
    told = cli.run("conversations").out
    assert {"Titel", "Quelle", "Nachrichten", "Personen"} <= set(told.split())
    assert "Plural-Forms" not in told
    assert "Lets owners" not in cli.run("plugins", "list").out
    assert "the bot on" not in cli.run("extras", "list").out
    assert "langsam" in cli.run("model", "list").out


def test_help_of_a_command_is_shown_also_when_the_settings_are_wrong(cli: Cli) -> None:
    cli.env["SCRUBJAY_RECALL__LIMIT"] = "many"
    assert "Example: scrubjay ask" in cli.run("ask", "--help").out


def test_starting_imports_nothing_heavy() -> None:
    code = "import sys, bot.commands.cli; print([name for name in sys.argv[1:] if name in sys.modules])"
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_starting_imports_few_modules_of_our_own() -> None:
    code = "import sys, bot.commands.cli; print(*(name for name in sys.modules if name.startswith(('bot', 'memory'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 (ours)
    assert 3 < len(done.stdout.split()) <= MOST_MODULES


@pytest.mark.parametrize(
    ("command", "needless", "most"), IMPORTED, ids=lambda each: "" if isinstance(each, int) else each[0]
)
def test_a_command_imports_no_more_than_it_needs(
    cli: Cli, command: tuple[str, ...], needless: tuple[str, ...], most: int
) -> None:
    cli.run("remember", "We booked the hotel in Lisbon on 3 May")
    # Started anew, where Python writes each import to stderr.
    env = cli.env | {"PYTHONPROFILEIMPORTTIME": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603 (the program under test)
        cli.command(*command), capture_output=True, text=True, env=env, cwd=cli.home, check=True
    )
    imported = re.findall(r"^import time:.*\| +([\w.]+)$", done.stderr, re.MULTILINE)
    assert [name for name in needless if name in imported] == []
    own = [name for name in imported if name.partition(".")[0] in OURS]
    assert 3 < len(own) <= most, own


def test_the_version_is_the_packages(cli: Cli) -> None:
    assert cli.run("--version").out == f"scrubjay {version('scrubjay')}\n"


def test_an_unknown_command_and_a_missing_one_exit_with_2(cli: Cli) -> None:
    assert "No such command 'remembr'. Did you mean 'remember'?" in cli.run("remembr", "x", code=2).err
    assert "No such command 'xyzzy'." in cli.run("xyzzy", code=2).err
    assert "Usage" in cli.run(code=2).err + cli.run(code=2).out


def test_a_wrong_setting_is_one_line_with_code_2(cli: Cli) -> None:
    config = cli.home / "mine.toml"
    config.write_text("[model]\npaht = 1\n")
    said = cli.fails("--config", str(config), "ask", "what?", code=2)
    assert said == f"scrubjay: {config}, line 2: unknown setting model.paht; did you mean model.path?"


def test_a_named_settings_file_that_is_missing_is_refused(cli: Cli) -> None:
    assert "there is no such settings file" in cli.fails("--config", "nowhere.toml", "memories", code=2)


def test_verbose_shows_where_an_error_comes_from(cli: Cli) -> None:
    ran = cli.run("-v", "--data", str(cli.home / "data"), "memories", "--conversation", "none", code=1)
    assert "Traceback" in ran.err
    assert "no conversation is called" in ran.err.splitlines()[-1]


def test_data_goes_where_it_is_told(cli: Cli) -> None:
    cli.run("--data", "here", "remember", "something")
    assert (cli.home / "here" / "memory.db").exists()
    assert not cli.data.exists()


@pytest.mark.parametrize("command", [["memories"], ["ask", "what?"], ["remember", "this"], ["forget", "1", "--yes"]])
def test_a_file_that_is_no_database_is_one_line_with_code_5(cli: Cli, command: list[str]) -> None:
    cli.data.mkdir(parents=True)
    (cli.data / "memory.db").write_text("this is a text " * 100)
    assert str(cli.data / "memory.db") in cli.fails(*command, code=5)


def test_a_data_folder_that_is_a_file_is_one_line_with_code_5(cli: Cli) -> None:
    (cli.home / "taken").write_text("")
    assert "taken" in cli.fails("--data", "taken", "remember", "this", code=5)


def test_an_unknown_embedder_is_one_line_with_code_5(cli: Cli) -> None:
    cli.env["SCRUBJAY_MEMORY__EMBEDDER"] = "no-such-model"
    assert "no-such-model" in cli.fails("remember", "this", code=5)


def test_a_reader_that_leaves_early_is_no_error(cli: Cli) -> None:
    program = " ".join(cli.command("--help"))
    done = subprocess.run(  # noqa: S602 (a pipe is what is tested)
        f"{program} | head -c 1", shell=True, capture_output=True, text=True, env=cli.env, check=False
    )
    assert "Traceback" not in done.stderr
