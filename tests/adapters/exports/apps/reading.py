"""Reads an export as an import does, for the tests of each app's."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.sources import find_sources, installed_formats


def read_chats(path: Path) -> list[tuple[ParsedChat, list[ParsedMessage]]]:
    """Return the chats of an export, whose format is recognized."""
    (source,) = find_sources(path, installed_formats())
    return [(chat, list(chat.messages)) for chat in source.format.open(source.path, ParseOptions(UTC))]


def read_one(folder: Path, name: str, content: object) -> tuple[ParsedChat, list[ParsedMessage]]:
    """Write an export, a text or what becomes JSON, and return the one chat that it holds."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    (only,) = read_chats(path)
    return only


def files_of(message: ParsedMessage) -> list[tuple[str, str | None, bool]]:
    """Return each file of a message: its kind, its name, and whether the export left it out."""
    return [(file.kind, file.name, file.omitted) for file in message.attachments]
