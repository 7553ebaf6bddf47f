"""Facebook Messenger's and Instagram's JSON: "Download your information", and Messenger's own download of secure chats.

Meta writes each byte of its UTF-8 as a character of its own; secure chats, which the app writes itself, are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.json_export import JsonExport, enter_root, read_messages
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import in_zone
from adapters.exports.troubles import Troubles
from bot import LocalZone

Record = dict[str, object]
_FILES: Final[dict[str, AttachmentKind | None]] = {
    "photos": "image", "videos": "video", "audio_files": "audio", "gifs": "image", "files": None, "sticker": "sticker",
    "media": None,
}  # fmt: skip
_SYSTEM: Final = frozenset({"Call", "Subscribe", "Unsubscribe"})
_UNSENT: Final = " unsent a message", " removed a message"


class MessengerExport(JsonExport):
    """Reads the chats of Facebook Messenger and of Instagram."""

    name = "messenger"
    label = "Messenger or Instagram (JSON)"
    members = re.compile(
        r"(?:^|/)(?:inbox|archived_threads|filtered_threads|message_requests|e2ee_cutover)/[^/]+/message_\d+\.json$"
        r"|^[^/]+_\d+\.json$|^messages/[^/]+\.json$"
    )

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the people of the chat and by its first message."""
        if reader.next()[0] != "start_map":
            return False
        has_people = False
        for key, event in reader.members():
            if key == "messages" and event[0] == "start_array":
                first = reader.next()
                return has_people and (first[0] == "end_array" or _is_message(as_map(reader.value(first))))
            has_people = has_people or key == "participants"
            reader.skip(event)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chat of a file, the oldest message first; what it is called stands behind its messages."""
        enter_root(reader)
        troubles, people, heads = Troubles(), 0, dict[str, str]()
        messages: list[ParsedMessage] = []
        read = _MessageReader(media, options, troubles)
        for key, event in reader.members():
            if key == "messages" and event[0] == "start_array":
                messages = list(read_messages(reader, read.message))
            elif key == "participants":
                people = len(as_list(reader.value(event)))
            else:
                heads[key] = repair(as_text(reader.value(event)))
        title = heads.get("title") or re.sub(r"_\d+$", "", heads.get("threadName", ""))
        messages.sort(key=lambda message: message.sent_at)
        chat = ParsedChat(
            title,
            iter(messages),
            media=media,
            external_id=heads.get("thread_path") or heads.get("threadName"),
            kind="direct" if people <= 2 else "group",
            platform="instagram" if "instagram" in f"{media.folder}{media.label}".lower() else None,
        )
        troubles.tell(chat)
        yield chat


class _MessageReader:
    def __init__(self, media: MediaTree, options: ParseOptions, troubles: Troubles) -> None:
        self._media, self._zone, self._troubles = media, options.timezone or LocalZone(), troubles

    def message(self, record: Record, number: int) -> ParsedMessage | None:
        """Return a message of either shape."""
        milliseconds = as_text(record.get("timestamp_ms") or record.get("timestamp"))
        sent_at = in_zone(int(milliseconds) / 1000, self._zone) if milliseconds.isdecimal() else None
        if sent_at is None:
            self._troubles.note(number, "has no possible time; it was left out")
            return None
        author = repair(as_text(record.get("sender_name") or record.get("senderName"))) or "Somebody"
        text = repair(as_text(record.get("content") or record.get("text")))
        shared = as_map(record.get("share"))
        link, said = as_text(shared.get("link")), repair(as_text(shared.get("share_text")))
        parts = [text, said if said not in text else "", link if link not in text else ""]
        unsent = record.get("is_unsent") is True or record.get("isUnsent") is True
        files = tuple(self._files(record))
        return make_message(
            author,
            sent_at,
            "\n".join(filter(None, parts)),
            number,
            kind="system" if as_text(record.get("type")) in _SYSTEM else "message",
            attachments=files,
            deleted=unsent or (not files and _is_unsent(text, author)),
        )

    def _files(self, record: Record) -> Iterator[ParsedAttachment]:
        for key, kind in _FILES.items():
            value = record.get(key)
            for each in as_list(value) if isinstance(value, list) else [value] if value else []:
                uri = repair(as_text(as_map(each).get("uri")))
                path = PurePosixPath(uri)
                near = "/".join(path.parts[-2:])
                yield make_attachment(path.name or None, kind, path=near, present=near in self._media)


def _is_unsent(text: str, author: str) -> bool:
    """Tell whether a message's words only say that its author took it back."""
    names = (author, author.partition(" ")[0], "You")
    return text.removesuffix(".") in {f"{name}{end}" for name in names for end in _UNSENT}


def _is_message(record: Record) -> bool:
    return {"sender_name", "timestamp_ms"} <= record.keys() or {"senderName", "timestamp"} <= record.keys()


def repair(text: str) -> str:
    """Return a text whose bytes were written as characters as what they mean; one that is right stays."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
