"""DiscordChatExporter's JSON: a file for each channel, thread or part of one; alone, or several in a zip.

The format is described by its writer: https://github.com/Tyrrrz/DiscordChatExporter (JsonMessageWriter.cs).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from adapters.exports.archive import MediaTree
from adapters.exports.chat_stream import stream_chat
from adapters.exports.discord.messages import DiscordChannel, DiscordMessageReader
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root, read_messages
from adapters.exports.json_stream import JsonReader, as_map, as_text
from adapters.exports.parsed import ParsedChat, ParseOptions
from bot import LocalZone

_HEAD = ("guild", "channel")


class DiscordExport(JsonExport):
    """Reads what DiscordChatExporter writes as JSON."""

    name = "discord"
    label = "Discord (DiscordChatExporter JSON)"

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by what stands before the messages: server and channel, each with an id."""
        if reader.next()[0] != "start_map":
            return False
        seen: dict[str, dict[str, object]] = {}
        for key, event in reader.members():
            if key == "messages":
                break
            seen[key] = as_map(reader.value(event))
        return all("id" in seen.get(key, {}) for key in _HEAD)

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the one channel that a file holds."""
        enter_root(reader)
        head = _ExportHead()
        for key, event in reader.members():
            if key == "messages" and event[0] == "start_array":
                yield from _read_chat(reader, head, media, options)
            elif key in _HEAD:
                setattr(head, key, as_map(reader.value(event)))
            else:
                reader.skip(event)


@dataclass(slots=True)
class _ExportHead:
    """What stands before the messages."""

    guild: dict[str, object] = field(default_factory=dict)
    channel: dict[str, object] = field(default_factory=dict)

    @property
    def place(self) -> DiscordChannel:
        """Where the messages were written."""
        return DiscordChannel(
            as_text(self.guild.get("id")) if self.kind == "group" else "@me", as_text(self.channel.get("id"))
        )

    @property
    def kind(self) -> Literal["direct", "group"]:
        """What kind of conversation it is; groups of friends are groups too."""
        return "direct" if as_text(self.channel.get("type")) in {"DirectTextChat", "1"} else "group"

    @property
    def title(self) -> str:
        """The channel's name, after its server's."""
        name, server = as_text(self.channel.get("name")), as_text(self.guild.get("name"))
        is_private = as_text(self.channel.get("type")).startswith("Direct")
        return name or "Discord chat" if is_private or not server else f"{server} #{name}"


def _read_chat(reader: JsonReader, head: _ExportHead, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
    chat = ParsedChat(head.title, iter(()), external_id=head.place.channel or None, kind=head.kind, media=media)
    warnings = WarningCounter()
    messages = DiscordMessageReader(head.place, options.timezone or LocalZone(), warnings, media)
    yield from stream_chat(chat, read_messages(reader, messages.read), warnings)
