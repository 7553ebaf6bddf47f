"""Writes a generated chat as the text file that WhatsApp exports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from benchmarks.corpus import Corpus

MEDIA_EVERY = 40
"""Of the messages that an iPhone exports here, one in so many is a photo, marked as WhatsApp marks it."""


def write_chat(path: Path, messages: int) -> Path:
    """Write a chat of `messages` messages to `path`, as Android does."""
    return _write(path, messages, lambda _, at, who, text: f"{at:%d/%m/%Y, %H:%M} - {who}: {text}\n")


def write_iphone_chat(path: Path, messages: int) -> Path:
    """Write the same as an iPhone does: with seconds, brackets, direction marks, and lines that end with CR LF."""
    return _write(path, messages, partial(_iphone_line, lambda at: f"{at:%d/%m/%Y, %H:%M:%S}"))


def write_american_chat(path: Path, messages: int) -> Path:
    """Write the same as an American's iPhone does: the month first, no padding, AM and PM after a narrow space."""

    def stamp(at: datetime) -> str:
        return f"{at.month}/{at.day}/{at:%y}, {at.hour % 12 or 12}:{at:%M:%S}\u202f{at:%p}"

    return _write(path, messages, partial(_iphone_line, stamp))


def _iphone_line(stamp: Callable[[datetime], str], number: int, at: datetime, who: str, text: str) -> str:
    mark, said = ("\u200e", "\u200eimage omitted") if number % MEDIA_EVERY == 0 else ("", text)
    return f"{mark}[{stamp(at)}] {who}: {said}\r\n"


def _write(path: Path, messages: int, line: Callable[[int, datetime, str, str], str]) -> Path:
    corpus = Corpus(messages)
    with path.open("w", encoding="utf-8", newline="") as file:
        entries = sorted((entry for chat in corpus.chats for entry in corpus.entries(chat)), key=lambda e: e.said_at)
        for number, entry in enumerate(entries):
            file.write(line(number, entry.said_at, entry.author, entry.text))
    return path
