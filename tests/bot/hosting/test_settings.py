from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import Literal

import pytest
from pydantic import BaseModel, Field, SecretStr

from bot.errors import CommandError
from bot.hosting.settings import add_value, is_secret, setting_lines


class Colour(Enum):
    RED = "red"


class Login(BaseModel):
    user: str = ""
    password: SecretStr = SecretStr("")


class Settings(BaseModel):
    sides: int = Field(6, description="how many")
    name: str | None = None
    colour: Colour = Colour.RED
    pause: timedelta = timedelta(hours=1)
    mode: Literal["a", "b"] | int = "a"
    logins: dict[str, Login] = {}
    keys: list[SecretStr] = []
    maybe: SecretStr | None = None


SCHEMA = Settings.model_json_schema()


@pytest.mark.parametrize(
    ("name", "secret"),
    [("sides", False), ("name", False), ("colour", False), ("logins", True), ("keys", True), ("maybe", True)],
)
def test_a_secret_is_found_however_deep_it_is(name: str, secret: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    assert is_secret(SCHEMA, SCHEMA["properties"][name]) is secret


def test_what_is_secret_is_never_shown() -> None:
    table = {"logins": {"a": {"password": "hush"}}, "keys": ["hush"], "maybe": "hush", "sides": 8}
    lines = {line.name: line for line in setting_lines(SCHEMA, table, {"sides": 8})}
    assert "hush" not in str(lines)
    assert (lines["sides"].value, lines["sides"].help, lines["sides"].set_here) == ("8", "how many", True)
    assert (lines["name"].value, lines["keys"].value) == ("(not set)", "(secret)")


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("sides", "12", 12),
        ("sides", "many", "many"),
        ("name", "12", "12"),
        ("colour", "red", "red"),
        ("pause", "PT2H", "PT2H"),
        ("mode", "b", "b"),
    ],
)
def test_text_is_read_as_the_setting_wants_it(key: str, text: str, value: object) -> None:
    assert add_value(SCHEMA, {"other": 1}, key, text) == {"other": 1, key: value}


def test_secrets_and_settings_that_are_none_can_not_be_set() -> None:
    for key in ("keys", "logins", "maybe"):
        with pytest.raises(CommandError, match="is a secret"):
            add_value(SCHEMA, {}, key, "x")
    with pytest.raises(CommandError, match="There is no setting “nothing”"):
        add_value(SCHEMA, {}, "nothing", "x")
