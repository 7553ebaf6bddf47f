"""Runs what the README says, in its order, in an empty home."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.bot.commands.conftest import Cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^\s*\$ scrubjay (.*)$", README, re.MULTILINE)
SAMPLE = ROOT / "bot" / "commands" / "evaluation" / "sample" / "WhatsApp Chat - Lisbon trip.zip"


def test_every_command_of_the_readme_runs_one_after_the_other(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    del cli.env["SCRUBJAY_MEMORY__EMBEDDER"]  # a newcomer has the default
    shutil.copy(SAMPLE, tmp_path)
    _handbook(tmp_path / "handbook.pdf")
    assert len(COMMANDS) > 10
    outputs = {command: cli.run(*shlex.split(command)).out for command in COMMANDS}
    hotel = outputs['ask "when did we book the hotel in Lisbon?"']
    assert '"booked the hotel, Rua da Rosa, 12–16 June" [1]' in hotel
    assert "passport" in outputs['memories --search "passport"']
    assert '"answer": "Inês' in outputs['ask "who has the spare key?" --json']
    assert "handbook.pdf, p. 2" in outputs['ask "who services the boiler?"']
    assert "handbook.pdf" in outputs["documents"]


def _handbook(path: Path) -> None:
    drawn = Canvas(str(path))
    for text in ("The house handbook", "The boiler is serviced every October by Klaus Meier."):
        drawn.drawString(72, 720, text)
        drawn.showPage()
    drawn.save()


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", README, re.MULTILINE))
def test_a_make_target_of_the_readme_exists(target: str) -> None:
    command = [shutil.which("make") or "make", "--dry-run", target]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (fixed words)
    assert made.returncode == 0, made.stderr


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_a_link_of_the_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_readme_shows_its_three_commands_first() -> None:
    first = README.index("```")
    assert README[first:].startswith("```sh\nmake demo")
    block = README[first : README.index("```", first + 3)]
    assert re.findall(r"^make (\w+)", block, re.MULTILINE) == ["demo", "test", "talk"]
