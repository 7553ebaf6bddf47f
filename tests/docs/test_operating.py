"""Runs the console blocks of the guide, reads its settings, and follows its links."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

from bot.configuration.settings import Settings
from tests.bot.commands.conftest import Cli

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "operating.md").read_text("utf-8")


def test_every_command_of_the_guide_runs(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    commands = re.findall(r"^\$ scrubjay (.*)$", GUIDE, re.MULTILINE)
    assert len(commands) == 4
    cli.run("remember", "the spare key is with Inês")
    for command in commands:
        cli.run(*shlex.split(command))


def test_the_settings_of_the_guide_are_settings() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        table = tomllib.loads(block)
        settings = Settings(**table)
        assert all(getattr(settings, section).model_fields_set == set(keys) for section, keys in table.items())


def test_every_file_that_the_guide_names_is_there() -> None:
    targets = [each for each in re.findall(r"\]\(([^)#]+)\)", GUIDE) if not each.startswith("https://")]
    assert len(targets) > 8
    assert [target for target in targets if not (DOCS / target).exists()] == []
