"""DiscordChatExporter's JSON: a file for each channel, thread or part of one; alone, or several in a zip.

The format is described by its writer: https://github.com/Tyrrrz/DiscordChatExporter (JsonMessageWriter.cs).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from adapters.exports.archive import Files, MediaTree, open_files
from adapters.exports.discord.messages import DiscordChannel, DiscordMessageReader
from adapters.exports.json_files import find_json, folder_of, is_single_file, open_json
from adapters.exports.json_stream import JsonReader, as_map, as_text
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.troubles import Troubles
from bot import LocalZone
from bot.errors import ImportRefused

_HEAD = ("guild", "channel")


class DiscordExport:
    """Reads what DiscordChatExporter writes as JSON."""

    name = "discord"
    label = "Discord (DiscordChatExporter JSON)"

    def sniff(self, source: Path) -> bool:
        """Tell by its content whether `source` holds such an export; it never raises."""
        try:
            with open_files(source) as files:
                return is_single_file(source) and next(find_json(files, _is_export), None) is not None
        except (ImportRefused, OSError):
            return False

    def open(self, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the channels of `source`. Raises ImportRefused."""
        with open_files(source) as files:
            names = list(find_json(files, _is_export))
            if not names:
                raise ImportRefused(f"{source}: holds no JSON of DiscordChatExporter")
            for name in names:
                with open_json(files, name) as reader:
                    yield from _channel(reader, files, name, options)


@dataclass(slots=True)
class _Head:
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


def _is_export(reader: JsonReader) -> bool:
    if reader.next()[0] != "start_map":
        return False
    seen: dict[str, dict[str, object]] = {}
    for key, event in reader.members():
        if key == "messages":
            break
        seen[key] = as_map(reader.value(event))
    return all("id" in seen.get(key, {}) for key in _HEAD)


def _channel(reader: JsonReader, files: Files, name: str, options: ParseOptions) -> Iterator[ParsedChat]:
    if reader.next()[0] != "start_map":
        raise ImportRefused("is no export: it holds no object")
    head = _Head()
    for key, event in reader.members():
        if key == "messages" and event[0] == "start_array":
            yield from _chat(reader, head, MediaTree(files, folder_of(name)), options)
        elif key in _HEAD:
            setattr(head, key, as_map(reader.value(event)))
        else:
            reader.skip(event)


def _chat(reader: JsonReader, head: _Head, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
    chat = ParsedChat(head.title, iter(()), external_id=head.place.channel or None, kind=head.kind, media=media)
    troubles = Troubles()
    messages = _messages(
        reader, DiscordMessageReader(head.place, options.timezone or LocalZone(), troubles, media), troubles, chat
    )
    chat.messages = messages
    with closing(messages):
        yield chat
        deque(messages, maxlen=0)  # what nobody asked for is passed over


def _messages(
    reader: JsonReader, messages: DiscordMessageReader, troubles: Troubles, chat: ParsedChat
) -> Generator[ParsedMessage]:
    try:
        for number, event in enumerate(reader.elements(), 1):
            if (message := messages.read(as_map(reader.value(event)), number)) is not None:
                yield message
    finally:
        troubles.tell(chat)
