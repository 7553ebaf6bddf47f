"""The example plugins, as a third party would have them: built, installed, tested and used, without a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.bot.commands.conftest import Cli

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NAMES = sorted(path.name for path in EXAMPLES.iterdir() if (path / "pyproject.toml").exists())


def run(*arguments: str, cwd: Path | None = None, path: Path | None = None) -> str:
    """Run Python; what it prints when it fails is shown."""
    done = subprocess.run(  # noqa: S603 (our own examples)
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin"} | ({} if path is None else {"PYTHONPATH": str(path)}),
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def installed(name: str, where: Path, scratch: Path) -> Path:
    """Build and install an example from a copy of it, so that nothing is left beside its source."""
    source = scratch / name
    shutil.copytree(EXAMPLES / name, source, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    offline = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet")
    run("-m", "pip", "install", *offline, "--target", str(where), str(source))
    return source


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a folder that all examples are installed into, and one with their sources."""
    where, scratch = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("sources")
    for name in NAMES:
        installed(name, where, scratch)
    return where, scratch


def test_there_are_two_examples_and_the_guide_leads_to_them() -> None:
    guide = (EXAMPLES.parent / "plugins.md").read_text("utf-8")
    assert NAMES == ["birthdays", "dice"]
    assert all(f"(examples/{name})" in guide for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_passes_its_own_tests_as_it_was_installed(name: str, site: tuple[Path, Path]) -> None:
    where, sources = site
    options = (
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "pythonpath=",
        "-o",
        "asyncio_mode=auto",
        "--import-mode=importlib",
    )
    tests = [str(each) for each in (sources / name).rglob("test_*.py")]
    assert " passed" in run("-m", "pytest", *options, *tests, cwd=where, path=where)


@pytest.mark.parametrize("name", NAMES)
def test_check_finds_nothing_wrong_with_an_example(name: str, tmp_path: Path) -> None:
    said = Cli(tmp_path).run("plugins", "check", str(EXAMPLES / name)).out
    assert "broken" not in said
    assert "note" not in said


def test_an_installed_example_is_found_and_used(tmp_path: Path, site: tuple[Path, Path]) -> None:
    cli = Cli(tmp_path, env={"PYTHONPATH": str(site[0])})
    found = {each["name"]: each for each in cli.run("plugins", "list", "--json").json}
    assert (found["dice"]["state"], found["dice"]["from"]) == ("on", "scrubjay-dice 1.0.0")
    assert found["birthdays"]["summary"] == "Keeps birthdays, and says when one has come."
    said = cli.run("chat", stdin="/roll 1d1000\n/birthday Mara 3 May\n/best\n").out
    assert "Your best roll is" in said
    assert "Mara's birthday is 3 May" in said
    cli.run("plugins", "disable", "dice")
    assert "no command /roll" in cli.run("chat", stdin="/roll\n").out


def test_the_dice_are_a_single_file_as_well(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    folder = cli.data / "plugins"
    folder.mkdir(parents=True)
    shutil.copy(EXAMPLES / "dice" / "dice.py", folder)
    assert "no command /roll" in cli.run("chat", stdin="/roll\n").out
    cli.run("plugins", "enable", "dice")
    assert "Your best roll is" in cli.run("chat", stdin="/roll\n/best\n").out


def test_an_example_runs_in_an_environment_of_its_own_whose_packages_go_first(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    site = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    installed("dice", site, tmp_path)
    (site / "httpx.py").write_text('__version__ = "another"\n', encoding="utf-8")
    with (site / "dice.py").open("a", encoding="utf-8") as file:
        file.write("\n\nimport httpx, sys\nprint('dice has', httpx.__version__, 'in', sys.prefix)\n")
    cli = Cli(tmp_path)
    cli.env["SCRUBJAY_PLUGINS__PROCESSES"] = f'{{"dice": {{"python": "{tmp_path}/venv/bin/python"}}}}'
    cli.env["SCRUBJAY_LOGGING__LEVEL"] = "info"
    ran = cli.run("chat", stdin="/roll 1d1000\n/best\n")
    assert "Your best roll is" in ran.out
    assert f"dice has another in {tmp_path}/venv" in ran.err
