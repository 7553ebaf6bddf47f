"""Runs the guide to files, and holds what it names against what the readers take."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

from bot.configuration.operating_settings import IngestSettings
from bot.plugin import capabilities_of
from plugins.text.plugin import TextPlugin
from tests.bot.commands.conftest import Cli
from tests.plugins.text.text_files import docx_file

GUIDE = (Path(__file__).parents[2] / "docs" / "files.md").read_text("utf-8")


def test_the_commands_of_the_guide_do_what_it_says(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    (tmp_path / "handbook.docx").write_bytes(docx_file())
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "museum.txt").write_text("The museum has a garden.", encoding="utf-8")
    ingest, ask, documents = re.findall(r"^\$ scrubjay (.*)$", GUIDE, re.MULTILINE)
    cli.run(*shlex.split(ingest))
    answer = " ".join(cli.run(*shlex.split(ask)).out.split())
    assert "We open at nine." in answer
    assert "handbook.docx, section “Opening hours”" in answer
    listed = cli.run(*shlex.split(documents)).out
    assert "handbook.docx" in listed
    assert "museum.txt" in listed


def test_every_ending_that_the_guide_names_for_texts_is_read() -> None:
    rows = re.findall(r"^\| (?!kind|---|\[)[^|]+\| ([^|]+) \|", GUIDE, re.MULTILINE)
    endings = {ending for row in rows for ending in re.findall(r"\.\w+", row)}
    (reader,) = capabilities_of([TextPlugin()]).readers
    assert len(endings) > 20
    assert endings <= set(reader.endings)


def test_the_settings_of_the_guide_are_good_settings() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert len(IngestSettings.model_validate(tomllib.loads(block)["ingest"]).watch) == 2
