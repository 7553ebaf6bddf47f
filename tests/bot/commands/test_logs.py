"""No log holds a secret, at any level."""

from __future__ import annotations

import logging

from bot.commands.logs import OneLine, WithoutSecrets, secrets_in
from bot.configuration.settings import ModelSettings, Settings

TOKEN = "123456789:" + "AAbb_-cc" * 5
OWN = "my-own-secret-of-an-adapter"


def written(text: str) -> str:
    settings = Settings(adapters={"irc": {"deep": {"server_password": OWN}}}, model=ModelSettings(api_key="sk-abcdef"))
    formatter = WithoutSecrets(OneLine(), secrets_in(settings))
    return formatter.format(logging.makeLogRecord({"msg": text, "levelno": logging.DEBUG}))


def test_secrets_of_the_settings_and_tokens_by_their_shape_are_left_out() -> None:
    said = written(f"GET https://api.telegram.org/bot{TOKEN}/getMe {OWN}, sk-abcdef, xoxb-12345678-abc at 12:30")
    assert said == "GET https://api.telegram.org/bot[secret]/getMe [secret], [secret], [secret] at 12:30"
