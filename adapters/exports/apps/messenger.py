"""Facebook Messenger's and Instagram's JSON: "Download your information", and Messenger's own download of secure chats.

Meta writes each byte of its UTF-8 as a character of its own; secure chats, which the app writes itself, are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.apps.messenger_notices import (
    Reaction,
    find_reactions,
    is_notice,
    is_unsent,
    name_doer,
    names_only_a_share,
)
from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root, read_messages
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import in_zone
from bot import LocalZone

Record = dict[str, object]
_FILES: Final[dict[str, AttachmentKind | None]] = {
    "photos": "image", "videos": "video", "audio_files": "audio", "gifs": "image", "files": None, "sticker": "sticker",
    "media": None,
}  # fmt: skip
_SYSTEM: Final = frozenset({"Call", "Subscribe", "Unsubscribe"})
_METAS: Final = frozenset({"sender_name", "timestamp_ms"})
_SECURE: Final = frozenset({"senderName", "timestamp"})


class MessengerExport(JsonExport):
    """Reads the chats of Facebook Messenger and of Instagram."""

    name = "messenger"
    label = "Messenger or Instagram (JSON)"
    members = re.compile(
        r"(?:^|/)(?:inbox|archived_threads|filtered_threads|message_requests|e2ee_cutover)/[^/]+/message_\d+\.json$"
        r"|^[^/]+_\d+\.json$|^messages/[^/]+\.json$"
    )

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by its first message, and by the people of the chat where a message of its kind could be another's."""
        if reader.next()[0] != "start_map":
            return False
        has_people = False
        for key, event in reader.members():
            if key == "messages" and event[0] == "start_array":
                first = reader.next()
                if first[0] == "end_array":
                    return has_people
                message = as_map(reader.value(first))
                return _METAS.issubset(message) or (has_people and _SECURE.issubset(message))
            has_people = has_people or key == "participants"
            reader.skip(event)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chat of a file, the oldest message first; what it is called stands behind its messages."""
        enter_root(reader)
        warnings, people, heads = WarningCounter(), 0, dict[str, str]()
        messages: list[ParsedMessage] = []
        read = _MessageReader(media, options, warnings)
        for key, event in reader.members():
            if key == "messages" and event[0] == "start_array":
                messages = list(read_messages(reader, read.message))
            elif key == "participants":
                people = len(as_list(reader.value(event)))
            else:
                heads[key] = repair(as_text(reader.value(event)))
        title = heads.get("title") or re.sub(r"_\d+$", "", heads.get("threadName", ""))
        for place in find_reactions(messages, read.reactions):
            said = messages[place]
            told = name_doer(said.text.strip(), said.author or "")
            messages[place] = make_message(None, said.sent_at, told, said.line, kind="system")
        messages.sort(key=lambda message: message.sent_at)
        chat = ParsedChat(
            title,
            iter(messages),
            media=media,
            external_id=heads.get("thread_path") or heads.get("threadName"),
            kind="direct" if people <= 2 else "group",
            platform="instagram" if "instagram" in f"{media.folder}{media.label}".lower() else None,
        )
        warnings.add_to(chat)
        yield chat


class _MessageReader:
    def __init__(self, media: MediaTree, options: ParseOptions, warnings: WarningCounter) -> None:
        self._media, self._zone, self._warnings = media, options.timezone or LocalZone(), warnings
        self.reactions: set[Reaction] = set()

    def message(self, record: Record, number: int) -> ParsedMessage | None:
        """Return a message of either shape."""
        milliseconds = as_text(record.get("timestamp_ms") or record.get("timestamp"))
        sent_at = in_zone(int(milliseconds) / 1000, self._zone) if milliseconds.isdecimal() else None
        if sent_at is None:
            self._warnings.note(number, "has no possible time; it was left out")
            return None
        author = repair(as_text(record.get("sender_name") or record.get("senderName"))) or "Somebody"
        text = repair(as_text(record.get("content") or record.get("text")))
        self._note_reactions(record)
        unsent = record.get("is_unsent") is True or record.get("isUnsent") is True
        files = tuple(self._files(record))
        told = as_text(record.get("type")) in _SYSTEM or "call_duration" in record
        shared = _read_shared(as_map(record.get("share")), text)
        if shared and names_only_a_share(text.strip(), author):
            text = ""
        elif not told and not files and not shared and is_notice(text.strip(), author):
            told, text = True, name_doer(text.strip(), author)
        parts = [text, *shared]
        return make_message(
            author,
            sent_at,
            "\n".join(filter(None, parts)),
            number,
            kind="system" if told else "message",
            attachments=files,
            deleted=unsent or (not files and is_unsent(text, author)),
        )

    def _note_reactions(self, record: Record) -> None:
        for given in map(as_map, as_list(record.get("reactions"))):
            emoji = repair(as_text(given.get("reaction"))).replace("\ufe0f", "")
            if emoji:
                self.reactions.add((repair(as_text(given.get("actor"))), emoji))

    def _files(self, record: Record) -> Iterator[ParsedAttachment]:
        for key, kind in _FILES.items():
            value = record.get(key)
            for each in as_list(value) if isinstance(value, list) else [value] if value else []:
                uri = repair(as_text(as_map(each).get("uri")))
                path = PurePosixPath(uri)
                near = "/".join(path.parts[-2:])
                yield make_attachment(path.name or None, kind, path=near, present=near in self._media)


def _read_shared(share: Record, text: str) -> list[str]:
    """Return what was shared, as far as the message's words don't say it: its text and its address."""
    found = (repair(as_text(share.get("share_text"))), as_text(share.get("link")))
    return [each for each in found if each and each not in text]


def repair(text: str) -> str:
    """Return a text whose bytes were written as characters as what they mean; one that is right stays."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
