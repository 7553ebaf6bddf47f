"""Setting a Telegram bot up: settings that are wrong, and what the doctor says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from adapters.telegram.settings import TelegramSettings, WebhookSettings
from bot.commands.diagnosis import examine
from bot.configuration.adapters_setup import make_adapters
from bot.configuration.config import example_config
from bot.configuration.findings import Finding
from bot.configuration.settings import Table
from bot.errors import ConfigError
from tests.adapters.telegram_bot import adapter_for, settings_for
from tests.emulators.telegram import TelegramServer


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({}, "adapters.telegram.token is missing"),
        ({"token": "hello"}, "adapters.telegram.token is wrong: .*@BotFather"),
        ({"token": "1:abc", "base_url": "localhost"}, "adapters.telegram.base_url is wrong: .*web address"),
        ({"token": "1:abc", "tokn": "1:abc"}, "adapters.telegram.tokn"),
        ({"token": "1:abc", "poll_seconds": 500}, "adapters.telegram.poll_seconds"),
    ],
)
def test_a_setting_that_is_wrong_is_named(table: Table, wrong: str) -> None:
    with pytest.raises(ConfigError, match=wrong):
        make_adapters({"telegram": table})


def test_a_wrong_token_is_not_repeated() -> None:
    with pytest.raises(ConfigError) as raised:
        make_adapters({"telegram": {"token": "my secret words"}})
    assert "my secret words" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "api", "files"),
    [
        ({}, "https://api.telegram.org/bot", "https://api.telegram.org/file/bot"),
        ({"base_url": "http://127.0.0.1:81"}, "http://127.0.0.1:81/bot", "http://127.0.0.1:81/file/bot"),
        ({"base_url": "http://127.0.0.1:81/bot"}, "http://127.0.0.1:81/bot", "http://127.0.0.1:81/file/bot"),
        ({"base_url": "http://h/tg/bot", "base_file_url": "http://f/file/bot"}, "http://h/tg/bot", "http://f/file/bot"),
        ({"base_file_url": "http://f:2/"}, "https://api.telegram.org/bot", "http://f:2/file/bot"),
    ],
)
def test_another_server_is_found_by_its_address(given: Table, api: str, files: str) -> None:
    settings = TelegramSettings.model_validate({"token": "1:abc", **given})
    assert (settings.api, settings.files) == (api, files)


async def findings(server: TelegramServer, **changes: object) -> dict[str, Finding]:
    return {finding.name: finding for finding in await adapter_for(server, **changes).check()}


async def test_the_doctor_is_content_with_a_good_bot(telegram: TelegramServer) -> None:
    found = await findings(telegram)
    assert {finding.state for finding in found.values()} == {"ok"}
    assert "@jay_test_bot" in found["telegram"].found


async def test_the_doctor_explains_privacy_mode(telegram: TelegramServer) -> None:
    telegram.privacy = True
    found = (await findings(telegram))["telegram groups"]
    assert found.state == "note"
    assert "/setprivacy" in found.mend


async def test_the_doctor_sees_a_bot_that_cannot_join_groups(telegram: TelegramServer) -> None:
    telegram.can_join_groups = False
    assert "/setjoingroups" in (await findings(telegram))["telegram groups"].mend


async def test_the_doctor_sees_a_webhook_that_takes_the_messages_away(telegram: TelegramServer) -> None:
    await telegram.set_webhook("https://elsewhere.example.org/hook", None)
    found = (await findings(telegram))["telegram delivery"]
    assert (found.state, "removes the webhook" in found.mend) == ("note", True)
    other = await findings(telegram, webhook={"url": "https://bot.example.org/hook"})
    assert other["telegram delivery"].state == "note"


async def test_the_doctor_says_that_a_token_is_refused_without_showing_it(telegram: TelegramServer) -> None:
    found = await findings(telegram, token="1:wrong")  # noqa: S106 (opens nothing)
    assert found["telegram"].state == "broken"
    assert "@BotFather" in found["telegram"].mend
    assert "1:wrong" not in str(found)


async def test_the_doctor_says_that_telegram_is_out_of_reach(telegram: TelegramServer) -> None:
    telegram.go_down()
    found = (await findings(telegram))["telegram"]
    assert (found.state, "network" in found.mend) == ("broken", True)


async def test_scrubjay_doctor_asks_the_adapters(telegram: TelegramServer, tmp_path: Path) -> None:
    settings, config = settings_for(telegram, tmp_path), tmp_path / "config.toml"
    states = {finding.name: finding.state for finding in await examine(settings, config)}
    assert (states["platforms"], states["telegram"]) == ("ok", "ok")
    telegram.revoke_token()
    states = {finding.name: finding.state for finding in await examine(settings, config)}
    assert (states["platforms"], states["telegram"]) == ("ok", "broken")


def test_the_example_documents_each_setting_with_its_default() -> None:
    text = example_config()
    block = text[text.index("#[adapters.telegram]") : text.index("[limits]")]
    shown = tomllib.loads(re.sub(r"^#(?=[a-z_]+ = |\[)", "", block, flags=re.MULTILINE))["adapters"]["telegram"]
    hook = shown.pop("webhook")
    assert set(shown) | {"webhook"} == set(TelegramSettings.model_fields)
    assert set(hook) == set(WebhookSettings.model_fields)
    for name, value in shown.items():
        if name not in {"token", "base_file_url"}:
            assert value == TelegramSettings.model_fields[name].default
    assert hook["port"] == WebhookSettings.model_fields["port"].default
