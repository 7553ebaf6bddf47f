"""Runs the guide to tables, and holds its settings against what the plugin takes."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

from plugins.tables.plugin import TableSettings
from tests.bot.commands.conftest import Cli

GUIDE = (Path(__file__).parents[2] / "docs" / "tables.md").read_text("utf-8")


def test_the_commands_of_the_guide_do_what_it_says(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    (csv,) = re.findall(r"```csv\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "advice.csv").write_text(csv, encoding="utf-8")
    ingest, ask = re.findall(r"^\$ scrubjay (.*)$", GUIDE, re.MULTILINE)
    cli.run(*shlex.split(ingest))
    answer = cli.run(*shlex.split(ask)).out
    assert "For snow you should use boots" in answer
    assert "advice.csv, Id 2" in " ".join(answer.split())


def test_the_settings_of_the_guide_are_good_settings() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    settings = TableSettings.model_validate(tomllib.loads(block)["plugins"]["settings"]["tables"])
    assert settings.rules[0].key == "Id"
