"""TikTok's download of one's data as JSON: the direct messages in user_data_tiktok.json."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root
from adapters.exports.json_stream import JsonReader, as_map, as_text
from adapters.exports.messages import make_message
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone

Record = dict[str, object]
_ROOTS: Final = frozenset({"Direct Messages", "Direct Message"})
_INNER: Final = frozenset({"Chat History", "Direct Messages", "ChatHistory", "Group Chat", "GroupChat"})
_WITH: Final = re.compile(r"(?:Chat History with |Group Chat History with )?(.{1,200}?):?")


class TikTokExport(JsonExport):
    """Reads the direct messages of an account."""

    name = "tiktok"
    label = "TikTok (JSON)"
    members = re.compile(r"(?:^|/)user_data(?:_tiktok)?\.json$")

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the part that holds the direct messages."""
        if reader.next()[0] != "start_map":
            return False
        for key, event in reader.members():
            if key in _ROOTS and event[0] == "start_map":
                return next((name in _INNER for name, _ in reader.members()), False)
            reader.skip(event)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations, each the oldest message first."""
        enter_root(reader)
        for key, event in reader.members():
            if key in _ROOTS and event[0] == "start_map":
                yield from _read_lists(reader, media, options.timezone or LocalZone())
            else:
                reader.skip(event)


def _read_lists(reader: JsonReader, media: MediaTree, zone: tzinfo) -> Iterator[ParsedChat]:
    """Yield the conversations below an object that was opened, however deep the lists lie."""
    open_maps = [reader.members()]
    while open_maps:
        for key, event in open_maps[-1]:
            if event[0] == "start_map":
                open_maps.append(reader.members())
                break
            if event[0] == "start_array":
                records = (as_map(reader.value(each)) for each in reader.elements())
                yield _make_chat(key, records, media, zone)
            else:
                reader.skip(event)
        else:
            open_maps.pop()


def _make_chat(key: str, records: Iterator[Record], media: MediaTree, zone: tzinfo) -> ParsedChat:
    warnings = WarningCounter()
    found = _WITH.fullmatch(key)
    messages = [
        message for number, each in enumerate(records, 1) if (message := _message(each, number, zone, warnings))
    ]
    messages.sort(key=lambda message: message.sent_at)
    title = found[1] if found else key
    kind = "group" if len({message.author for message in messages}) > 2 else "direct"
    chat = ParsedChat(
        title, iter(messages), media=media, external_id=title, kind="group" if kind == "group" else "direct"
    )
    warnings.add_to(chat)
    return chat


def _message(record: Record, number: int, zone: tzinfo, warnings: WarningCounter) -> ParsedMessage | None:
    stamp = as_text(record.get("Date") or record.get("date")).removesuffix(" UTC")
    sent_at = from_iso(f"{stamp}+00:00", zone)
    if sent_at is None:
        warnings.note(number, "has no possible time; it was left out")
        return None
    author = as_text(record.get("From") or record.get("from")) or "Somebody"
    text = as_text(record.get("Content") or record.get("content"))
    return make_message(author, sent_at.astimezone(zone), text, number, author_id=author)
