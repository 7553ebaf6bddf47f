"""The kinds of values that settings have, each with the mistake that a user is told of."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, AnyHttpUrl, ValidationError

from bot.configuration.timezones import zone_of
from memory.addresses import check_server_address


def _check_url(value: str) -> str:
    try:
        AnyHttpUrl(value)
    except ValidationError:
        raise ValueError('give a web address such as "http://localhost:8080/v1"') from None
    return value.rstrip("/")


def _check_zone(value: str) -> str:
    zone_of(value)
    return value


def _check_account(value: str) -> str:
    platform, colon, account = value.partition(":")
    if not (platform and colon and account):
        raise ValueError('write it as "platform:id", such as "telegram:123456"')
    return value


def _check_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"this is not a regular expression: {error}") from None
    return value


Account = Annotated[str, AfterValidator(_check_account)]
ServerAddress = Annotated[str, AfterValidator(check_server_address)]
HttpUrl = Annotated[str, AfterValidator(_check_url)]
TimeZone = Annotated[str, AfterValidator(_check_zone)]
Pattern = Annotated[str, AfterValidator(_check_pattern)]
