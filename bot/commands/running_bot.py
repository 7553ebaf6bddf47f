"""Asks a bot that already runs on the same memory, so that `ask` need not load what that has loaded.

The bot listens on a Unix socket in the data folder (`bot.commands.answer_server`). It answers as the command would
answer itself, or refuses: with other settings, or another model, the command does its own work. Nothing is imported
here that takes long.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.configuration.settings import Settings

SOCKET_NAME = "bot.sock"
MOST_BYTES = 64 * 1024
"""How long a request may be."""
_ACCEPT_SECONDS = 2.0
"""A bot that has not accepted a question by then is too busy, or stopped."""
_LONGEST_ADDRESS = 100
"""Bytes of a socket's path that every system takes."""
_ANSWERED_BY = ("memory", "recall", "model", "sampling", "assistant", "time")
"""The sections of the settings that an answer depends on."""


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer as the command line shows it: `record` is what `--json` prints, `sources` and `speed` are lines.

    `measured` is what the language model measured of its part. `problem` says why the model failed, if it did.
    """

    text: str
    record: dict[str, object]
    sources: list[str]
    speed: list[str]
    measured: dict[str, object] | None
    problem: str | None


class _NotAnsweredError(Exception):
    """The bot did not answer, for whatever reason."""


def socket_path(settings: Settings) -> Path | None:
    """Return where a bot with these settings listens; None where this system has no such sockets, or not so long."""
    path = settings.data_dir.absolute() / SOCKET_NAME
    return path if hasattr(socket, "AF_UNIX") and len(os.fsencode(path)) <= _LONGEST_ADDRESS else None


def settings_digest(settings: Settings) -> str:
    """Return a digest of the program and of all that is set that an answer depends on."""
    sections = settings.model_dump(mode="json", include=set(_ANSWERED_BY))
    key = settings.model.api_key
    parts = [version("scrubjay"), str(settings.store), key.get_secret_value() if key else "", sections]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def ask_running_bot(
    settings: Settings, question: str, scope: str, grow: Callable[[Callable[[], str]], None] | None
) -> ShownAnswer | None:
    """Return the answer of a running bot; None where there is none that answers as the command would.

    `grow` is told of the text so far, where somebody watches it grow.
    """
    request = {"question": question, "scope": scope, "settings": settings_digest(settings), "grow": grow is not None}
    with suppress(OSError, ValueError, TypeError, _NotAnsweredError), _connect(settings) as connection:
        connection.sendall(json.dumps(request).encode() + b"\n")
        replies = _replies(connection)
        if next(replies, {}).get("accepted") is not True:
            return None
        connection.settimeout(None)  # how long a model writes, nobody knows
        return _follow(replies, grow)
    return None


def _follow(replies: Iterator[dict[str, Any]], grow: Callable[[Callable[[], str]], None] | None) -> ShownAnswer:
    for reply in replies:
        if "answer" in reply:
            return ShownAnswer(**reply["answer"])
        if grow is not None and isinstance(text := reply.get("growing"), str):
            grow(lambda text=text: text)  # type: ignore[misc]  # (mypy knows no defaults of a lambda)
    raise _NotAnsweredError


def _connect(settings: Settings) -> socket.socket:
    """Return a connection to the bot. Raises OSError, _NotAnsweredError when another user made the socket."""
    path = socket_path(settings)
    if path is None:
        raise _NotAnsweredError
    found = path.lstat()
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.getuid():
        raise _NotAnsweredError
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_ACCEPT_SECONDS)
        connection.connect(str(path))
    except BaseException:
        connection.close()
        raise
    return connection


def _replies(connection: socket.socket) -> Iterator[dict[str, Any]]:
    """Yield each line that comes, as JSON, until the other side is done. Raises OSError and ValueError."""
    with connection.makefile("rb") as lines:
        for line in lines:
            reply = json.loads(line)
            if not isinstance(reply, dict):
                raise _NotAnsweredError
            yield reply
