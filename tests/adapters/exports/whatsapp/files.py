"""Writes WhatsApp exports for the tests, and reads them back."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.exports.parsed import DateOrder, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.whatsapp.export import WhatsApp

LISBON = ZoneInfo("Europe/Lisbon")


def chats(path: Path, order: DateOrder | None = None) -> list[tuple[ParsedChat, list[ParsedMessage]]]:
    """Read all chats of a source."""
    options = ParseOptions(timezone=LISBON, date_order=order)
    return [(chat, list(chat.messages)) for chat in WhatsApp().open(path, options)]


def chat_of(
    folder: Path, text: str | bytes, order: DateOrder | None = None, name: str = "WhatsApp Chat with Mara.txt"
) -> tuple[ParsedChat, list[ParsedMessage]]:
    """Write a text and read it as one chat."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    (only,) = chats(path, order)
    return only


def messages_of(folder: Path, text: str | bytes, order: DateOrder | None = None) -> list[ParsedMessage]:
    """Write a text and read its messages."""
    return chat_of(folder, text, order)[1]
