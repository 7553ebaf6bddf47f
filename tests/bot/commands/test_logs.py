"""No log holds a secret, at any level."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import quote, quote_plus

import pytest

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


def test_secrets_are_found_in_lists_addresses_arguments_and_what_a_server_is_given() -> None:
    server = {"env": {"GH": "ghp-1111-aaaa"}, "args": ["--token", "arg-2222-bbbb", "--api-key=arg-3333-cccc", "--loud"]}
    settings = Settings.model_validate(
        {
            "adapters": {
                "irc": {"tokens": ["one-4444-dddd"], "headers": {"Authorization": "Bearer five-5555-eeee"}},
                "hook": {"to": [{"url": "https://ann:six%2D6666@example.org/in?access_token=seven-7777"}]},
            },
            "plugins": {"settings": {"mcp": {"servers": {"github": server}}}},
        }
    )
    formatter = WithoutSecrets(OneLine(), secrets_in(settings))
    shown = "ghp-1111-aaaa arg-2222-bbbb arg-3333-cccc one-4444-dddd six-6666 six%2D6666 seven-7777"
    said = formatter.format(logging.makeLogRecord({"msg": f"{shown} Bearer five-5555-eeee --loud example.org"}))
    assert re.search(r"\d{4}", said) is None
    assert said.endswith("[secret] --loud example.org")


@pytest.mark.parametrize("inner", [OneLine(), JsonLines()])
def test_secrets_are_left_out_in_every_way_that_they_are_written(inner: logging.Formatter) -> None:
    secret = 'pa"ss\\wö/rd +1'  # noqa: S105 (nobody's)
    formatter = WithoutSecrets(inner, frozenset({secret}))
    for written_as in (secret, repr(secret), json.dumps(secret), quote(secret), quote_plus(secret), repr([secret])):
        fields = {"msg": f"sent {written_as} there", "levelname": "DEBUG", "name": "irc", "created": 0.0}
        said = formatter.format(logging.makeLogRecord(fields))
        assert "[secret]" in said
        assert "ss" not in said.replace("message", "").replace("[secret]", "")


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
