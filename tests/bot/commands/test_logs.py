"""No log holds a secret, at any level."""

from __future__ import annotations

import json
import logging

from bot.commands.logs import JsonLines, OneLine, WithoutSecrets, secrets_in
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


def test_json_lines_carry_the_id_that_a_user_was_told_and_no_secret() -> None:
    error = ValueError("two\nlines")
    record = logging.makeLogRecord(
        {
            "msg": "Error %s: %s failed with %s",
            "args": ("0a1b2c3d", "/ask", OWN),
            "levelno": logging.ERROR,
            "levelname": "ERROR",
            "name": "bot.pipeline.handling",
            "created": 1_714_734_000.5,
            "exc_info": (ValueError, error, None),
        }
    )
    line = WithoutSecrets(JsonLines(), frozenset({OWN})).format(record)
    assert "\n" not in line
    fields = json.loads(line)
    assert fields.pop("traceback").endswith("ValueError: two\nlines")
    assert fields == {
        "time": "2024-05-03T11:00:00.500+00:00",
        "level": "error",
        "logger": "bot.pipeline.handling",
        "message": "Error 0a1b2c3d: /ask failed with [secret]",
        "error_id": "0a1b2c3d",
        "error": "ValueError: two\nlines",
    }
