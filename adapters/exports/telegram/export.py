"""Telegram Desktop's JSON export: one chat, or the whole account; a `result.json` with its media, or a zip of them.

The format is described by its writer, export_output_json.cpp of Telegram Desktop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from adapters.exports.archive import MediaTree
from adapters.exports.chat_stream import stream_chat
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root, read_messages
from adapters.exports.json_stream import Event, JsonReader, as_map, as_text
from adapters.exports.parsed import ParsedChat, ParseOptions
from adapters.exports.telegram.ids import peer_of
from adapters.exports.telegram.messages import TelegramMessageReader
from bot import LocalZone

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


class TelegramExport(JsonExport):
    """Reads Telegram Desktop's exports."""

    name = "telegram"
    label = "Telegram Desktop (JSON)"

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the type of the chat, by its messages, or by what an account's export begins with."""
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

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Walk the root: the members of a single chat stand in it, those of an account's chats deeper."""
        enter_root(reader)
        export, head = _Export(reader, media, options), _ChatHead()
        for key, event in reader.members():
            if key in _LISTS and event[0] == "start_map":
                yield from export.read_list()
            elif key == "personal_information" and event[0] == "start_map":
                account = as_text(as_map(reader.value(event)).get("user_id"))
                export.own_account = account or None
            elif key == "messages" and event[0] == "start_array":
                yield from export.read_messages_of(head)
            else:
                head.take(reader, key, event)


@dataclass(slots=True)
class _ChatHead:
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


@dataclass(slots=True)
class _Export:
    """One JSON text while it is walked, with what is known of it by then."""

    reader: JsonReader
    media: MediaTree
    options: ParseOptions
    own_account: str | None = None

    def read_list(self) -> Iterator[ParsedChat]:
        """Yield the chats of a list that was opened."""
        reader = self.reader
        for key, event in reader.members():
            if key != "list" or event[0] != "start_array":
                reader.skip(event)
                continue
            for element in reader.elements():
                if element[0] == "start_map":
                    yield from self._read_chat()
                else:
                    reader.skip(element)

    def _read_chat(self) -> Iterator[ParsedChat]:
        head = _ChatHead()
        for key, event in self.reader.members():
            if key == "messages" and event[0] == "start_array":
                yield from self.read_messages_of(head)
            else:
                head.take(self.reader, key, event)

    def read_messages_of(self, head: _ChatHead) -> Iterator[ParsedChat]:
        """Yield the chat whose messages come next."""
        peer = peer_of(head.type, head.id)
        chat = ParsedChat(
            head.title,
            iter(()),
            external_id=peer.conversation_id,
            kind=_kind(head.type),
            media=self.media,
            own_account=self.own_account,
        )
        warnings = WarningCounter()
        messages = TelegramMessageReader(peer, self.options.timezone or LocalZone(), warnings)
        yield from stream_chat(chat, read_messages(self.reader, messages.read), warnings)


def _looks_like_messages(reader: JsonReader) -> bool:
    """Tell Telegram's messages by the first: older exports, and chats cut out of larger ones, name no type of chat."""
    event = reader.next()
    first = as_map(reader.value(event)) if event[0] == "start_map" else {}
    return first.get("type") in _MESSAGE_TYPES and all(first.keys() & some for some in _TELLING)


def _first_members(reader: JsonReader) -> Iterator[tuple[str, Event]]:
    for member in reader.members():
        yield member
        return


def _kind(kind: str) -> Literal["direct", "group"] | None:
    return "direct" if kind in _DIRECT else "group" if kind in TYPES else None
