"""What the settings of every chat platform check: tokens and web addresses, with advice where one is wrong."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr


def check_token(token: SecretStr, problem: str) -> SecretStr:
    """Return a token that may be sent in a header. Raises ValueError with the problem for another."""
    text = token.get_secret_value()
    if not text or not text.isascii() or any(character.isspace() for character in text):
        raise ValueError(problem)
    return token


def split_web_address(value: str, example: str) -> SplitResult:
    """Return the parts of an http or https address. Raises ValueError with an example for anything else."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f'give a web address such as "{example}"')
    return parts


def check_web_address(value: str, example: str) -> str:
    """Return an http or https address without a slash at its end. Raises ValueError for anything else."""
    split_web_address(value, example)
    return value.rstrip("/")
