"""What `scrubjay doctor` and `scrubjay setup` find out about a number, and about what waits to be sent."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.commands.diagnosis import examine
from bot.configuration.findings import Finding
from bot.pipeline.core import CoreOptions
from tests.adapters.whatsapp_bot import adapter_for, settings_for, talking
from tests.emulators.whatsapp import WhatsAppServer


async def found(whatsapp: WhatsAppServer, **changes: object) -> dict[str, Finding]:
    return {finding.name: finding for finding in await adapter_for(whatsapp, **changes).check()}


async def test_a_good_set_up_is_told_with_its_number_and_where_it_listens(whatsapp: WhatsAppServer) -> None:
    findings = await found(whatsapp)
    assert {finding.state for finding in findings.values()} == {"ok"}
    assert findings["whatsapp"].found == "+15550783881 (Jay)"
    assert findings["whatsapp token"].found == "does not expire"
    assert "/whatsapp, with signatures" in findings["whatsapp delivery"].found


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("access_token", "EAAwrong", "the access token is refused"),
        ("app_secret", "wrong", "app_secret is not the app's"),
        ("phone_number_id", "15550783881", "phone_number_id is not known"),
    ],
)
async def test_each_value_that_is_wrong_is_named(whatsapp: WhatsAppServer, setting: str, value: str, told: str) -> None:
    finding = (await found(whatsapp, **{setting: value}))["whatsapp"]
    assert finding.state == "broken"
    assert told in finding.found
    assert finding.mend


async def test_a_token_that_expires_soon_or_may_too_little_is_told(whatsapp: WhatsAppServer) -> None:
    whatsapp.expires_at = int(time.time()) + 3600
    assert "expires on" in (await found(whatsapp))["whatsapp token"].found
    whatsapp.scopes = ("public_profile",)
    assert (await found(whatsapp))["whatsapp token"].state == "broken"


async def test_a_number_that_people_block_is_told(whatsapp: WhatsAppServer) -> None:
    whatsapp.quality = "RED"
    assert "quality rating is low" in (await found(whatsapp))["whatsapp"].found


async def test_whatsapp_out_of_reach_is_told(whatsapp: WhatsAppServer, unused_tcp_port: int) -> None:
    finding = (await found(whatsapp, base_url=f"http://127.0.0.1:{unused_tcp_port}/v25.0"))["whatsapp"]
    assert "can't be used" in finding.found


async def test_replies_that_wait_for_their_person_are_counted(
    whatsapp: WhatsAppServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = whatsapp.person("Ana")
    settings, config = settings_for(whatsapp, tmp_path), tmp_path / "none.toml"

    async def replies() -> Finding:
        return next(finding for finding in await examine(settings, config) if finding.name == "replies")

    assert (await replies()).state == "ok"
    async with talking(whatsapp, tmp_path, options=CoreOptions(grace=2, resend_seconds=0.05)):
        await ana.says("/help", age=25 * 60 * 60)
        await whatsapp.until(lambda: "is kept until it can be sent" in caplog.text or None)
    waiting = await replies()
    assert (waiting.state, waiting.found) == ("note", "replies wait to be sent: 1 of whatsapp")
