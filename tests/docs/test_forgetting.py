"""Runs the console block of the page on forgetting, and compares its table with the receipt."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from tests.bot.commands.conftest import Cli

PAGE = (Path(__file__).parents[2] / "docs" / "forgetting.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ scrubjay (.*)$", PAGE, re.MULTILINE)


def test_the_receipt_has_what_the_page_says(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    remembered, forgotten = (cli.run(*shlex.split(command)).out for command in COMMANDS)
    assert remembered.startswith("Remembered as ")
    receipt = json.loads(forgotten)
    assert receipt["verified"] is True
    described = re.findall(
        r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*) \|", PAGE[PAGE.index("`checked` says") :], re.MULTILINE))
    )
    assert set(described) == set(receipt["checked"])
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"marble7" in path.read_bytes()]
