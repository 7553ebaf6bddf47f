"""Holds the files for services, containers and boards against the program: no engine or cluster runs here."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path

import pytest

from bot.commands.cli import Commands
from bot.configuration.settings import Settings
from bot.pipeline.metrics import Metrics
from deploy.grafana.__main__ import BOARD, make_board, write_board

DEPLOY = Path(__file__).parents[2] / "deploy"
FILES = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc", ".json")]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_the_board_is_the_one_that_the_instruments_give() -> None:
    assert BOARD.read_text("utf-8") == write_board(), "run: python -m deploy.grafana"


def test_every_instrument_has_a_panel_and_every_query_an_instrument() -> None:
    told = {sample.name for metric in Metrics().registry.collect() for sample in metric.samples}
    told |= {name for metric in Metrics().registry.collect() for name in (metric.name, f"{metric.name}_bucket")}
    told |= {f"{metric.name}_total" for metric in Metrics().registry.collect() if metric.type == "counter"}
    panels = make_board()["panels"]
    asked = [
        name for panel in panels for each in panel["targets"] for name in re.findall(r"scrubjay_\w+", each["expr"])
    ]
    assert len(panels) == len(list(Metrics().registry.collect()))
    assert [name for name in asked if name not in told] == []


def test_every_setting_that_a_file_gives_is_one() -> None:
    given = {name for path in FILES for name in re.findall(r"SCRUBJAY_([A-Z_]+?)__([A-Z_]+)", path.read_text("utf-8"))}
    assert len(given) > 5
    for section, key in given:
        assert key.lower() in type(getattr(Settings(), section.lower())).model_fields, f"{section}.{key}"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_there_is_and_is_told_when_it_is_ready(unit: Path) -> None:
    text = unit.read_text("utf-8")
    (started,) = re.findall(r"^ExecStart=\S+/scrubjay (.*)$", text, re.MULTILINE)
    assert started.split()[-1] in Commands.table
    for line in ("Type=notify", "NotifyAccess=main", "WatchdogSec=60", "NoNewPrivileges=yes"):
        assert line in text.splitlines()


def test_the_unit_for_a_machine_keeps_its_tokens_to_itself_and_writes_nowhere_else() -> None:
    lines = (DEPLOY / "systemd" / "scrubjay.service").read_text("utf-8").splitlines()
    for line in (
        "LoadCredential=config.toml:/etc/scrubjay/config.toml",
        "DynamicUser=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "CapabilityBoundingSet=",
        "ExecReload=/bin/kill -HUP $MAINPID",
    ):
        assert line in lines


def test_the_agent_for_macos_starts_the_bot_again_only_when_it_failed() -> None:
    agent = plistlib.loads((DEPLOY / "launchd" / "scrubjay.plist").read_bytes())
    assert agent["ProgramArguments"][-1] == "run"
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["Umask"] == 0o077


def test_the_image_runs_as_nobody_in_particular_with_its_data_apart() -> None:
    image = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert image.count("\nFROM ") + image.startswith("FROM") == 2
    last = image[image.rindex("\nFROM ") :]
    for line in ("USER 10001", "VOLUME /data", 'ENTRYPOINT ["scrubjay"]'):
        assert line in last.splitlines()
    assert "HEALTHCHECK" in last
    assert re.search(r'^CMD \[.*"run"\]$', last, re.MULTILINE)


def test_all_files_speak_of_the_same_port() -> None:
    ports = {port for path in FILES for port in re.findall(r"\b9187\b|\bcontainerPort: (\d+)", path.read_text("utf-8"))}
    assert ports == {"", "9187"}
