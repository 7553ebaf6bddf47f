"""Holds the compose files against the program and against each other: no engine runs here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.cli import Commands
from bot.configuration.extras import EXTRAS
from bot.configuration.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
IMAGE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
FILES = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in sorted(DEPLOY.glob("compose*.yaml"))}
SERVICES: dict[str, Any] = {name: each for file in FILES.values() for name, each in file["services"].items()}
BROUGHT = {"./config.toml", "./models"}
"""What whoever runs it puts there."""


@pytest.mark.parametrize("name", FILES)
def test_what_a_service_mounts_or_waits_for_is_there(name: str) -> None:
    file = FILES[name]
    named = set(file.get("volumes", {}))
    for service in file["services"].values():
        for source, _, _ in (volume.partition(":") for volume in service.get("volumes", ())):
            assert source in named or source in BROUGHT or (DEPLOY / source).is_file(), source
        assert set(service.get("depends_on", {})) <= set(SERVICES)


def test_the_settings_of_a_container_are_taken_by_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    given = dict(re.findall(r"(SCRUBJAY_[A-Z_]+)=(\S+)", IMAGE))
    for file in FILES.values():
        given |= file["services"].get("scrubjay", {}).get("environment", {})
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert str(settings.data.dir) == "/data"
    assert settings.model.engine == "openai"
    assert settings.model.base_url == "http://model:8080/v1"


def test_a_server_listens_where_the_others_look_for_it() -> None:
    command: list[str] = SERVICES["model"]["command"]
    assert command[command.index("--port") + 1] == "8080"
    assert command[command.index("--host") + 1] == "0.0.0.0"  # noqa: S104 (compared, not listened at)
    scraped: Any = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))
    targets = [each for job in scraped["scrape_configs"] for part in job["static_configs"] for each in part["targets"]]
    assert targets == ["scrubjay:9187"]
    source = (DEPLOY / "grafana" / "datasource.yaml").read_text("utf-8")
    assert "http://prometheus:9090" in source
    assert "prometheus" in SERVICES


def test_the_image_starts_a_command_that_there_is_with_the_settings_that_compose_mounts() -> None:
    (started,) = re.findall(r"^CMD (\[.*\])$", IMAGE, re.MULTILINE)
    option, config, command = json.loads(started)
    assert (option, command in Commands.table) == ("--config", True)
    (data,) = re.findall(r"^VOLUME (.*)$", IMAGE, re.MULTILINE)
    mounted = FILES["compose.yaml"]["services"]["scrubjay"]["volumes"]
    assert set(mounted) == {f"memory:{data}", f"./config.toml:{config}:ro"}


def test_the_image_brings_extras_that_there_are() -> None:
    (extras,) = re.findall(r'^ARG EXTRAS="(.*)"$', IMAGE, re.MULTILINE)
    assert set(extras.split(",")) <= {each.name for each in EXTRAS}


def test_the_file_system_is_read_only_but_for_what_is_mounted() -> None:
    service = FILES["compose.yaml"]["services"]["scrubjay"]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108 (the container's)
    assert service["cap_drop"] == ["ALL"]
