"""How what is logged is written."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from pydantic import BaseModel, SecretStr


class OneLine(logging.Formatter):
    """Writes each record on a line of its own; of an exception only what it says, not where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        brief = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None, "stack_info": None})
        line = super().format(brief)
        if record.exc_info and (error := record.exc_info[1]) is not None:
            line += f": {type(error).__name__}: {error}"
        return " ".join(line.split())


class JsonLines(logging.Formatter):
    """Writes each record as an object of JSON on one line.

    `error_id` is the one that a user was told, where the record has one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        message = record.getMessage()
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
        }
        if told := _ERROR_ID.match(message):
            fields["error_id"] = told[1]
        if record.exc_info and (error := record.exc_info[1]) is not None:
            fields["error"] = f"{type(error).__name__}: {error}"
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


_ERROR_ID = re.compile(r"Error ([0-9a-f]{8}):")
_SHORTEST = 6
_SHAPES = (
    r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,64}",  # Telegram's tokens, in every address that is called
    r"\bxox[a-z]-[A-Za-z0-9-]{8,250}",  # Slack's
    r"\bxapp-[A-Za-z0-9-]{8,250}",
    r"\b[MNO][A-Za-z\d_-]{22,28}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,45}",  # Discord's
)
_NAMES = re.compile(r"token|secret|passw|passphrase|key|auth|credential|cookie|(?:^|_)pat$", re.IGNORECASE)
_TABLES_OF_SECRETS = frozenset({"env", "headers"})
"""Tables of what a program or a server is given, under whatever names."""


class WithoutSecrets(logging.Formatter):
    """Writes what another formatter does, with every secret of the settings, and what looks like one, left out."""

    def __init__(self, inner: logging.Formatter, secrets: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._inner = inner
        forms = {form for secret in secrets if len(secret) >= _SHORTEST for form in _forms_of(secret)}
        known = sorted(map(re.escape, forms), key=len, reverse=True)
        self._secret = re.compile("|".join([*known, *_SHAPES]))

    def format(self, record: logging.LogRecord) -> str:
        """Return the text."""
        return self._secret.sub("[secret]", self._inner.format(record))


def secrets_in(settings: BaseModel) -> frozenset[str]:
    """Return every secret that the settings hold; in tables of adapters and plugins they are known by their names.

    Passwords and keys within addresses are secrets as well.
    """
    return frozenset(_find(settings.__dict__))


def _forms_of(secret: str) -> set[str]:
    """Return a secret as it is, as addresses, JSON and Python show it, and each of these within JSON."""
    shown = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), repr(secret)[1:-1], *_in_json(secret)}
    return shown | {form for each in shown for form in _in_json(each)}


def _in_json(text: str) -> tuple[str, str]:
    return json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]


def _find(table: Mapping[str, object]) -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from _find(value.__dict__)
        else:
            yield from _find_in(value, is_named=_NAMES.search(str(name)) is not None, name=str(name))


def _find_in(value: object, *, is_named: bool, name: str = "") -> Iterator[str]:
    """Yield the secrets of a value, which is one itself where it `is_named` as one."""
    if isinstance(value, Mapping):
        if name.casefold() in _TABLES_OF_SECRETS:
            yield from (str(each) for each in value.values())
        yield from _find(value)
    elif isinstance(value, list | tuple):
        before = ""
        for each in value:
            yield from _find_in(each, is_named=is_named or _names_secret(before))
            before = each if isinstance(each, str) else ""
    elif isinstance(value, str):
        if is_named:
            yield value
        yield from _find_in_text(value)


def _names_secret(argument: str) -> bool:
    """Tell whether an argument of a program says that a secret comes next: "--token"."""
    return argument.startswith("-") and "=" not in argument and _NAMES.search(argument) is not None


def _find_in_text(value: str) -> Iterator[str]:
    """Yield the secrets within an argument ("--token=…") and an address."""
    option, equals, rest = value.partition("=")
    if equals and _names_secret(option):
        yield rest
    if "://" not in value:
        return
    try:
        address = urlsplit(value)
        parts = [address.password, *(each for name, each in parse_qsl(address.query) if _NAMES.search(name))]
    except ValueError:  # no address after all
        return
    yield from (form for part in parts if part for form in {part, unquote(part)})
