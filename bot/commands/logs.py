"""How what is logged is written."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

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
_NAMES = re.compile(r"token|secret|password|key", re.IGNORECASE)


class WithoutSecrets(logging.Formatter):
    """Writes what another formatter does, with every secret of the settings, and what looks like one, left out."""

    def __init__(self, inner: logging.Formatter, secrets: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._inner = inner
        known = sorted((re.escape(secret) for secret in secrets if len(secret) >= _SHORTEST), key=len, reverse=True)
        self._secret = re.compile("|".join([*known, *_SHAPES]))

    def format(self, record: logging.LogRecord) -> str:
        """Return the text."""
        return self._secret.sub("[secret]", self._inner.format(record))


def secrets_in(settings: BaseModel) -> frozenset[str]:
    """Return every secret that the settings hold; in tables of adapters and plugins they are known by their names."""
    return frozenset(_find(settings.__dict__))


def _find(table: Mapping[str, object]) -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from _find(value.__dict__)
        elif isinstance(value, Mapping):
            yield from _find(value)
        elif isinstance(value, str) and _NAMES.search(str(name)):
            yield value
