"""ChatLab's format, which many exporters of WeChat, QQ and other apps write: JSON, or lines of JSON.

Its kinds of messages: https://github.com/nichuanfang/chatlab-format
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import tzinfo
from pathlib import Path
from typing import Final

from adapters.exports.archive import Files, MediaTree
from adapters.exports.chat_stream import stream_chat
from adapters.exports.file_export import FileExport, read_head
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root
from adapters.exports.json_files import folder_of, parse_first_line, parse_line
from adapters.exports.json_stream import JsonReader, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import in_zone
from bot import LocalZone

Record = dict[str, object]
_FILES: Final[dict[str, AttachmentKind]] = {
    "1": "image", "2": "audio", "3": "video", "4": "document", "5": "sticker", "27": "contact",
}  # fmt: skip
_SYSTEM, _RECALLED = "80", "81"
_MARKED: Final = re.compile(r"[\[【][^\[\]【】\n]{1,12}[\]】]")
_MILLISECONDS_FROM: Final = 100_000_000_000
_PLATFORM: Final = re.compile(r"[a-z][a-z0-9_-]{0,30}")


class ChatLabExport(JsonExport):
    """Reads a chat that is one JSON text."""

    name = "chatlab"
    label = "ChatLab (WeChat, QQ and others)"

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by what the text says of itself."""
        if reader.next()[0] != "start_map":
            return False
        for key, event in reader.members():
            if key == "chatlab":
                return event[0] == "start_map"
            if event[0] == "start_array" or key == "_type":  # the first of several lines
                return False
            reader.skip(event)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chat."""
        enter_root(reader)
        chat, zone = ParsedChat("ChatLab", iter(()), media=media), options.timezone or LocalZone()
        for key, event in reader.members():
            if key == "meta":
                _fill_in(chat, as_map(reader.value(event)))
            elif key == "messages" and event[0] == "start_array":
                warnings = WarningCounter()
                records = (as_map(reader.value(each)) for each in reader.elements())
                yield from stream_chat(chat, _read(records, zone, warnings, media), warnings)
            else:
                reader.skip(event)


class ChatLabLines(FileExport):
    """Reads a chat that is lines of JSON: its head, its members, its messages."""

    name = "chatlab_lines"
    label = "ChatLab (lines of JSON)"
    members = re.compile(r"\.(?:jsonl|ndjson)$", re.IGNORECASE)

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by the first line."""
        first = parse_first_line(read_head(files, name))
        return first.get("_type") == "header" and "chatlab" in first

    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chat."""
        del source
        warnings, media = WarningCounter("line"), MediaTree(files, folder_of(name))
        with closing(files.open(name)) as stream:
            lines = (parse_line(line.decode("utf-8", "replace")) for line in stream)
            chat = ParsedChat("ChatLab", iter(()), media=media)
            _fill_in(chat, as_map(next(lines, {}).get("meta")))
            said = (record if record.get("_type", "message") == "message" else {} for record in lines)
            yield from stream_chat(chat, _read(said, options.timezone or LocalZone(), warnings, media), warnings)


def _fill_in(chat: ParsedChat, meta: Record) -> None:
    """Add what the head says of a chat."""
    chat.title = as_text(meta.get("name")) or chat.title
    chat.kind = "group" if as_text(meta.get("type")) == "group" else "direct"
    chat.external_id = as_text(meta.get("groupId")) or None
    chat.own_account = as_text(meta.get("ownerId")) or None
    platform = as_text(meta.get("platform")).lower()
    chat.platform = platform if _PLATFORM.fullmatch(platform) else None


def _read(
    records: Iterator[Record], zone: tzinfo, warnings: WarningCounter, media: MediaTree
) -> Iterator[ParsedMessage]:
    for number, record in enumerate(records, 1):
        if not record:
            continue  # a member, or a line that is none
        stamp = as_text(record.get("timestamp"))
        seconds = int(stamp) if stamp.isascii() and stamp.isdecimal() and len(stamp) < 16 else None
        if seconds is not None and seconds >= _MILLISECONDS_FROM:
            seconds //= 1000
        sent_at = in_zone(seconds, zone) if seconds is not None else None
        if sent_at is None:
            warnings.note(number, "has no possible time; it was left out")
            continue
        kind, text = as_text(record.get("type")), as_text(record.get("content"))
        names = (as_text(record.get(key)) for key in ("groupNickname", "accountName", "sender"))
        files = _files_of(kind, text, media)
        yield make_message(
            next(filter(None, names), "Somebody"),
            sent_at,
            "" if files else text,
            number,
            kind="system" if kind == _SYSTEM else "message",
            attachments=files,
            deleted=kind == _RECALLED,
            reply_to=as_text(record.get("replyToMessageId")) or None,
            external_id=as_text(record.get("platformMessageId")) or None,
            author_id=as_text(record.get("sender")) or None,
        )


def _files_of(kind: str, text: str, media: MediaTree) -> tuple[ParsedAttachment, ...]:
    """Return the file that a message is: its words are a mark, or where it lies."""
    known = _FILES.get(kind)
    if known is None:
        return ()
    if not text or _MARKED.fullmatch(text):
        return (make_attachment(None, known),)
    if text in media:
        return (make_attachment(text.rpartition("/")[2], None, path=text, present=True),)
    return () if known == "contact" else (make_attachment(text.rpartition("/")[2][:200], known),)
