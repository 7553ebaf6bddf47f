from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

import pytest

from tests.bot.commands.conftest import Cli
from tests.emulators.patience import PATIENCE
from tests.plugins.test_plugins import DICE


@pytest.fixture
def dice(cli: Cli) -> Path:
    folder = cli.data / "plugins"
    folder.mkdir(parents=True)
    path = folder / "dice.py"
    path.write_text(DICE, encoding="utf-8")
    return path


def state(cli: Cli, name: str = "dice") -> dict[str, str]:
    (found,) = (each for each in cli.run("plugins", "list", "--json").json if each["name"] == name)
    return dict(found)


def test_a_file_is_listed_enabled_shown_and_disabled(cli: Cli, dice: Path) -> None:
    assert state(cli)["state"] == "new"
    assert "scrubjay plugins enable dice" in state(cli)["why"]
    assert "state:   new" in cli.run("plugins", "info", "dice").out
    digest = sha256(dice.read_bytes()).hexdigest()
    assert f"dice is on as it is now (sha256 {digest})" in cli.run("plugins", "enable", "dice").out
    assert state(cli)["state"] == "on"
    shown = cli.run("plugins", "info", "dice").out
    assert digest in shown
    assert "command: /roll  rolls a die" in shown
    assert "Rolls dice" in cli.run("plugins", "list").out
    dice.write_text(DICE + "\n", encoding="utf-8")
    assert state(cli)["state"] == "changed"
    assert "dice is off: it has changed" in cli.run("doctor").out.replace("\n", " ")
    cli.run("plugins", "disable", "dice")
    assert state(cli)["state"] == "off"


def test_listing_and_showing_run_nothing_of_a_file(cli: Cli, dice: Path) -> None:
    traces = dice.parent / "was_run"
    dice.write_text(f'"""Spies."""\nopen({str(traces)!r}, "w")\n', encoding="utf-8")
    assert state(cli)["summary"] == "Spies."
    cli.run("plugins", "info", "dice")
    cli.run("doctor")
    assert not traces.exists()


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def (", "dice.py, line 1 is not Python"),
        ("raise RuntimeError('no luck')", "dice.py can't be imported: RuntimeError: no luck"),
        ("import os; os._exit(3)", "it ended by itself, with exit code 3"),
        ("import sys; sys.exit()", "dice.py calls sys.exit() as it is imported"),
        ("from bot import Plugin\nclass Dice(Plugin):\n    name = 'other'", "dice calls itself other"),
    ],
)
def test_a_file_that_can_not_run_is_not_enabled(source: str, why: str, cli: Cli, dice: Path) -> None:
    dice.write_text(source, encoding="utf-8")
    assert why in cli.fails("plugins", "enable", "dice", code=1)
    assert state(cli)["state"] in ("new", "unusable")


def test_a_name_that_is_none_is_refused(cli: Cli, dice: Path) -> None:
    assert "Did you mean dice?" in cli.fails("plugins", "enable", "dcie", code=1)
    assert "There is no plugin" in cli.fails("plugins", "enable", "../plugins/dice", code=1)
    assert "There is no plugin" in cli.fails("plugins", "disable", str(dice), code=1)
    assert "There is no plugin" in cli.fails("plugins", "info", "/etc/passwd", code=1)


def test_a_plugin_that_is_gone_can_still_be_disabled(cli: Cli, dice: Path) -> None:
    cli.run("plugins", "enable", "dice")
    dice.unlink()
    assert "dice is off" in cli.run("plugins", "disable", "dice").out


def test_a_new_plugin_comes_with_a_test_that_passes_and_is_found_to_lack_nothing(cli: Cli) -> None:
    out = cli.run("plugins", "new", "weather_report").out
    folder = cli.home / "weather_report"
    assert str(Path("weather_report") / "weather_report.py") in out
    done = subprocess.run(  # noqa: S603 (the test that was just written)
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout
    for path in ("weather_report", "weather_report/weather_report.py"):
        checked = cli.run("plugins", "check", path).out
        assert "/weather_report WHO: say hello" in checked
        assert "broken" not in checked
        assert "note" not in checked


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil", "can't be a plugin's name"),
        ("Weather", "can't be a plugin's name"),
        ("x" * 40, "can't be a plugin's name"),
        ("memory", "a plugin called memory is installed already"),
        ("json", "a module called json is there already"),
    ],
)
def test_a_name_that_will_not_do_writes_nothing(name: str, why: str, cli: Cli) -> None:
    assert why in cli.fails("plugins", "new", name, code=1)
    assert list(cli.home.glob("*")) == []


def test_what_is_there_is_not_overwritten(cli: Cli) -> None:
    (cli.home / "weather").mkdir()
    assert "weather is there already; nothing was written" in cli.fails("plugins", "new", "weather", code=1)
    cli.run("plugins", "new", "weather", "--folder", "elsewhere")
    assert (cli.home / "elsewhere" / "weather.py").exists()


CARELESS = """
from bot import Plugin, command


class Careless(Plugin):
    @command("help", "")
    async def assist(self, context, count: int) -> str:
        return "?"
"""


def test_check_says_what_is_wrong_and_what_is_missing(cli: Cli) -> None:
    path = cli.home / "careless.py"
    path.write_text(CARELESS, encoding="utf-8")
    ran = cli.run("plugins", "check", "careless.py", code=1)
    assert "broken command   /help is a command of help already" in ran.out
    assert "the class has no docstring" in ran.out
    assert "/help has no help" in ran.out
    assert "count of /help is not described" in ran.out
    path.write_text(CARELESS.replace("count: int", "count"), encoding="utf-8")
    assert "count needs a type" in cli.run("plugins", "check", "careless.py", code=1).out
    path.write_text(
        "from pydantic import BaseModel\n"
        + CARELESS.replace(
            "(Plugin):", "(Plugin):\n    name = 'other'\n    class Settings(BaseModel):\n        key: str\n"
        ),
        encoding="utf-8",
    )
    said = cli.run("plugins", "check", "careless.py", code=1).out
    assert "it calls itself other" in said
    assert "it does not start without settings: key: Field required" in said


@pytest.mark.parametrize(
    ("project", "why"),
    [
        (None, "can't be read"),
        ("nonsense", "not valid TOML"),
        ("[project]\nname = 'x'", "names no plugin"),
    ],
)
def test_a_project_that_names_no_plugin_is_refused(project: str | None, why: str, cli: Cli) -> None:
    folder = cli.home / "project"
    folder.mkdir()
    if project is not None:
        (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    assert why in cli.fails("plugins", "check", "project", code=1)


def test_a_path_that_is_not_there_is_refused(cli: Cli) -> None:
    assert "there is no such file or folder" in cli.fails("plugins", "check", "gone.py", code=1)


LINES = """
from bot import Plugin, reads
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import Piece


class Lines(Plugin):
    @reads("text/x-lines", endings=(".lines",))
    async def read(self, file: IncomingFile):
        for number, line in enumerate(file.path.read_text().splitlines(), 1):
            yield Piece(line, f"line {number}")
"""


def test_files_are_ingested_by_a_plugin_in_a_process_of_its_own(cli: Cli) -> None:
    folder = cli.data / "plugins"
    folder.mkdir(parents=True)
    (folder / "lines.py").write_text(LINES, encoding="utf-8")
    cli.env["SCRUBJAY_PLUGINS__PROCESSES"] = '{"lines": {}}'
    cli.run("plugins", "enable", "lines")
    (cli.home / "boats.lines").write_text("The boat is moored in Cascais\nThe dinghy is in Sines\n", encoding="utf-8")
    cli.run("ingest", "boats.lines")
    assert "Cascais" in cli.run("ask", "where is the boat moored?").out


def test_a_bot_that_runs_follows_what_the_command_line_switches(cli: Cli, dice: Path) -> None:
    with subprocess.Popen(  # noqa: S603 (the program under test)
        cli.command("chat"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=cli.env,
        cwd=cli.home,
    ) as bot:
        assert bot.stdin is not None
        assert bot.stdout is not None
        talk = Talk(bot.stdin, bot.stdout)
        talk.until("/roll", "no command /roll")
        cli.run("plugins", "enable", "dice")
        talk.until("/roll", "6 red")
        cli.run("plugins", "disable", "dice")
        talk.until("/roll", "no command /roll")
        bot.stdin.close()
    assert dice.exists()


class Talk:
    """A conversation through pipes, in which something is said until the right answer comes."""

    def __init__(self, incoming: IO[str], outgoing: IO[str]) -> None:
        self._incoming = incoming
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, args=(outgoing,), daemon=True).start()

    def _listen(self, outgoing: IO[str]) -> None:
        for line in outgoing:
            self._lines.put(line)

    def until(self, said: str, wanted: str) -> None:
        """Say it again and again until it is answered."""
        heard = ""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self._incoming.write(f"{said}\n")
            self._incoming.flush()
            with suppress(queue.Empty):
                heard = self._lines.get(timeout=0.5)
                while wanted not in heard:
                    heard += self._lines.get(timeout=0.5)
                return
        raise AssertionError(f"{wanted!r} was not answered, but {heard!r}")
