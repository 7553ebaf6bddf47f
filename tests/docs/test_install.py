"""Compares the guide with what can be installed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bot.configuration.extras import EXTRAS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "install.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_table_of_the_guide_is_the_one_that_the_command_prints() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) MB \| (.+) \|$", GUIDE, re.MULTILINE)
    assert rows == [(extra.name, str(extra.megabytes), extra.adds) for extra in EXTRAS]


def test_every_extra_of_the_package_is_in_the_table_and_in_all() -> None:
    extras = dict(PROJECT["optional-dependencies"])
    (together,) = extras.pop("all")
    assert sorted(extras) == sorted(extra.name for extra in EXTRAS)
    assert sorted(re.findall(r"\w+", together.partition("[")[2])) == sorted(extras)


def test_the_targets_of_the_guide_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"make (\w+)", GUIDE)
    assert targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
