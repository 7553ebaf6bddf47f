"""What `scrubjay doctor` finds wrong with a Slack app, and how it says to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands.diagnosis import examine
from bot.configuration.findings import Finding
from tests.adapters.slack_bot import adapter_for, settings_for
from tests.emulators.slack import SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer.open() as server:
        yield server


async def test_a_sound_set_up_is_found_sound(slack: SlackServer, tmp_path: Path) -> None:
    findings = [each for each in await examine(settings_for(slack, tmp_path), tmp_path / "none.toml") if _ours(each)]
    assert [(each.name, each.state) for each in findings] == [
        ("slack", "ok"),
        ("slack scopes", "ok"),
        ("slack delivery", "ok"),
        ("slack events", "ok"),
    ]
    assert "@jay in Jays" in findings[0].found


async def test_a_wrong_bot_token_is_said_without_repeating_it(slack: SlackServer) -> None:
    (finding,) = await adapter_for(slack, bot_token="xoxb-wrong").check()  # noqa: S106 (opens nothing)
    assert finding.state == "broken"
    assert "OAuth & Permissions" in finding.mend
    assert "xoxb-wrong" not in f"{finding.found}{finding.mend}"


async def test_a_wrong_app_token_breaks_socket_mode(slack: SlackServer) -> None:
    findings = {each.name: each for each in await adapter_for(slack, app_token="xapp-wrong").check()}  # noqa: S106 (opens nothing)
    assert findings["slack delivery"].state == "broken"
    assert "connections:write" in findings["slack delivery"].mend


async def test_missing_scopes_are_named_with_what_they_cost(slack: SlackServer) -> None:
    slack.scopes -= {"files:read", "channels:history"}
    findings = {each.name: each for each in await adapter_for(slack).check()}
    assert findings["slack scopes"].state == "note"
    assert "files:read (take in files)" in findings["slack scopes"].found
    assert "message.channels" in findings["slack events"].found
    slack.scopes -= {"chat:write"}
    findings = {each.name: each for each in await adapter_for(slack).check()}
    assert findings["slack scopes"].state == "broken"
    assert "chat:write" in findings["slack scopes"].found


async def test_a_slack_that_is_out_of_reach_is_said(slack: SlackServer) -> None:
    slack.go_down()
    (finding,) = await adapter_for(slack).check()
    assert finding.state == "broken"
    assert "base_url" in finding.mend


def _ours(finding: Finding) -> bool:
    return finding.name.startswith("slack")
