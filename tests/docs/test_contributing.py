"""What CONTRIBUTING.md tells a newcomer to run and to open is there, and the commit hooks run what `make lint` does."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ (.*)$", TEXT, re.MULTILINE)
INLINE = re.findall(r"`((?:make|\.venv/bin/python) [^`]*)`", TEXT)
PATHS = re.findall(r"`((?:bot|memory|adapters|plugins|tests|benchmarks)/[^`{]*)`", TEXT)


def test_the_first_test_of_a_newcomer_passes() -> None:
    setting_up, testing = COMMANDS
    assert setting_up == "make tools"
    program, *arguments = shlex.split(testing)
    assert program == ".venv/bin/python"
    run = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (its own words)
    assert run.returncode == 0, run.stdout
    assert re.search(r"[1-9]\d* passed", run.stdout)


@pytest.mark.parametrize("command", [each for each in (*COMMANDS, *INLINE) if each.startswith("make ")])
def test_a_make_target_exists(command: str) -> None:
    made = subprocess.run(  # noqa: S603 (fixed words)
        [shutil.which("make") or "make", "--dry-run", *command.split()[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr


def test_the_tests_that_are_named_are_there() -> None:
    named = [word for command in INLINE for word in command.split() if word.startswith("tests/")]
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("link", sorted({*re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT), *PATHS}))
def test_a_link_or_path_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("group", re.findall(r'`\[project\.entry-points\."([\w.]+)"\]`', TEXT))
def test_an_entry_point_group_is_one_of_ours(group: str) -> None:
    assert f'[project.entry-points."{group}"]' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_hooks_before_a_commit_run_what_make_lint_runs() -> None:
    hooks = re.findall(r"entry: \.venv/bin/(.*)", (ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert recipe is not None
    assert hooks == re.findall(r"\$\(BIN\)/(.*)", recipe[1])


def test_what_is_tabs_in_the_makefile_is_so_in_the_editor() -> None:
    assert "[Makefile]\nindent_style = tab" in (ROOT / ".editorconfig").read_text("utf-8")
