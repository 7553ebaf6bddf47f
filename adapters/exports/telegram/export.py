"""Telegram Desktop's JSON export: one chat, or the whole account; a `result.json` with its media, or a zip of them.

The format is described by its writer, export_output_json.cpp of Telegram Desktop.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from adapters.exports.archive import Files, MediaTree, open_files
from adapters.exports.json_files import find_json, folder_of, is_single_file, open_json
from adapters.exports.json_stream import Event, JsonReader, as_map, as_text
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.telegram.ids import TelegramPeer, peer_of
from adapters.exports.telegram.messages import TelegramMessageReader
from adapters.exports.troubles import Troubles
from bot import LocalZone
from bot.errors import ImportRefused

TYPES = frozenset(
    {
        "saved_messages", "replies", "personal_chat", "bot_chat", "private_group", "private_supergroup",
        "public_supergroup", "private_channel", "public_channel", "verification_codes",
    }
)  # fmt: skip
_LISTS = ("chats", "left_chats")
_DIRECT = frozenset({"saved_messages", "personal_chat", "bot_chat", "verification_codes"})
_UNNAMED = {"saved_messages": "Saved messages", "replies": "Replies", "verification_codes": "Verification codes"}
_ID = re.compile(r"-?\d{1,19}")
_MESSAGE_TYPES = ("message", "service", "unsupported")
_TELLING = ({"date", "date_unixtime"}, {"from", "from_id", "actor", "actor_id", "text_entities"})
"""Members of which each message that Telegram wrote has one, whatever its version and whoever cut it down."""


class TelegramExport:
    """Reads Telegram Desktop's exports."""

    name = "telegram"
    label = "Telegram Desktop (JSON)"

    def sniff(self, source: Path) -> bool:
        """Tell by its content whether `source` holds a Telegram export; it never raises."""
        try:
            with open_files(source) as files:
                return is_single_file(source) and next(find_json(files, _is_export), None) is not None
        except (ImportRefused, OSError):
            return False

    def open(self, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of `source`. Raises ImportRefused."""
        with open_files(source) as files:
            names = list(find_json(files, _is_export))
            if not names:
                raise ImportRefused(f"{source}: holds no JSON export of Telegram Desktop")
            for name in names:
                with open_json(files, name) as reader:
                    yield from _read_chats(reader, _Export(files, name, options))


@dataclass(slots=True)
class _Export:
    """What is known of the export while it is walked."""

    files: Files
    name: str
    options: ParseOptions
    own_account: str | None = None


@dataclass(slots=True)
class _Head:
    """What stands before a chat's messages."""

    name: str = ""
    type: str = ""
    id: int = 0

    def take(self, reader: JsonReader, key: str, event: Event) -> None:
        """Take a member of the chat, or pass over it."""
        if key == "name":
            self.name = as_text(reader.value(event))
        elif key == "type":
            self.type = as_text(reader.value(event))
        elif key == "id":
            text = as_text(reader.value(event))
            self.id = int(text) if _ID.fullmatch(text) else 0
        else:
            reader.skip(event)

    @property
    def title(self) -> str:
        """The name to show: some chats have none of their own."""
        return self.name or _UNNAMED.get(self.type, "Deleted account" if self.type else "Telegram chat")


def _is_export(reader: JsonReader) -> bool:
    """Look at a JSON text until it is plain whether Telegram wrote it."""
    if reader.next()[0] != "start_map":
        return False
    kind = ""
    for key, event in reader.members():
        if key == "type":
            kind = as_text(event[1])
            reader.skip(event)
        elif key == "messages":
            return kind in TYPES or (event[0] == "start_array" and _looks_like_messages(reader))
        elif key in _LISTS and event[0] == "start_map":
            return any(inner in {"about", "list"} for inner, _ in _first_members(reader))
        elif key == "personal_information" and event[0] == "start_map":
            return "user_id" in as_map(reader.value(event))
        else:
            reader.skip(event)
    return False


def _looks_like_messages(reader: JsonReader) -> bool:
    """Tell Telegram's messages by the first: older exports, and chats cut out of larger ones, name no type of chat."""
    event = reader.next()
    first = as_map(reader.value(event)) if event[0] == "start_map" else {}
    return first.get("type") in _MESSAGE_TYPES and all(first.keys() & some for some in _TELLING)


def _first_members(reader: JsonReader) -> Iterator[tuple[str, Event]]:
    for member in reader.members():
        yield member
        return


def _read_chats(reader: JsonReader, export: _Export) -> Iterator[ParsedChat]:
    """Walk the root: the members of a single chat stand in it, those of an account's chats deeper."""
    if reader.next()[0] != "start_map":
        raise ImportRefused("is no export: it holds no object")
    head = _Head()
    for key, event in reader.members():
        if key in _LISTS and event[0] == "start_map":
            yield from _read_list(reader, export)
        elif key == "personal_information" and event[0] == "start_map":
            account = as_text(as_map(reader.value(event)).get("user_id"))
            export.own_account = account or None
        elif key == "messages" and event[0] == "start_array":
            yield from _chat(reader, head, export)
        else:
            head.take(reader, key, event)


def _read_list(reader: JsonReader, export: _Export) -> Iterator[ParsedChat]:
    for key, event in reader.members():
        if key != "list" or event[0] != "start_array":
            reader.skip(event)
            continue
        for element in reader.elements():
            if element[0] != "start_map":
                reader.skip(element)
                continue
            yield from _read_chat(reader, export)


def _read_chat(reader: JsonReader, export: _Export) -> Iterator[ParsedChat]:
    head = _Head()
    for key, event in reader.members():
        if key == "messages" and event[0] == "start_array":
            yield from _chat(reader, head, export)
        else:
            head.take(reader, key, event)


def _chat(reader: JsonReader, head: _Head, export: _Export) -> Iterator[ParsedChat]:
    """Yield the chat whose messages are being read, and leave the reader behind them, read or not."""
    peer = peer_of(head.type, head.id)
    chat = ParsedChat(
        head.title,
        iter(()),
        external_id=peer.conversation_id,
        kind=_kind(head.type),
        media=MediaTree(export.files, folder_of(export.name)),
        own_account=export.own_account,
    )
    messages = _messages(reader, chat, peer, export.options)
    chat.messages = messages
    with closing(messages):
        yield chat
        deque(messages, maxlen=0)  # what nobody asked for is passed over


def _kind(kind: str) -> Literal["direct", "group"] | None:
    return "direct" if kind in _DIRECT else "group" if kind in TYPES else None


def _messages(
    reader: JsonReader, chat: ParsedChat, peer: TelegramPeer, options: ParseOptions
) -> Generator[ParsedMessage]:
    troubles = Troubles()
    messages = TelegramMessageReader(peer, options.timezone or LocalZone(), troubles)
    try:
        for number, event in enumerate(reader.elements(), 1):
            record = as_map(reader.value(event))
            if (message := messages.read(record, number)) is not None:
                yield message
    finally:
        troubles.tell(chat)
