"""Facebook Messenger's and Instagram's JSON: "Download your information", and Messenger's own download of secure chats.

Meta writes each byte of its UTF-8 as a character of its own; secure chats, which the app writes itself, are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final
from unicodedata import category

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
_LONGEST_NOTICE: Final = 200
_REACTED: Final = re.compile(
    r"(?:(?:hat|ha|a|heeft|har) )?(?:(?:reacted|réagi|reagi|reaccion|zareagowa|reager|отреагир)\w* |mit |met )"
    r".{1,40}(?:message|mensaje|mensagem|messaggio|nachricht reagiert|bericht(?: gereageerd)?|wiadomość|besked|melding"
    r"|meddelande|сообщение)\.?",
    re.IGNORECASE,
)
_DID: Final = re.compile(
    r"(?:named the group|changed the (?:chat theme|theme|group photo|group name)|set (?:the (?:quick reaction|emoji)"
    r"|(?:the|your|his own|her own|their own) nickname)|cleared (?:the|your|his|her|their)|created (?:a poll|the group)"
    r"|voted for|changed vote|added .{1,100} to the group|removed .{1,100} from the group|left the group|joined the"
    r"|pinned a message|unpinned a message|started a (?:video )?call|started sharing|turned (?:on|off)|missed your)"
)
"""What Messenger writes in the name of somebody; other languages say it in the kinds that `_SYSTEM` has."""
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

    def message(self, record: Record, number: int) -> ParsedMessage | None:
        """Return a message of either shape."""
        milliseconds = as_text(record.get("timestamp_ms") or record.get("timestamp"))
        sent_at = in_zone(int(milliseconds) / 1000, self._zone) if milliseconds.isdecimal() else None
        if sent_at is None:
            self._warnings.note(number, "has no possible time; it was left out")
            return None
        author = repair(as_text(record.get("sender_name") or record.get("senderName"))) or "Somebody"
        text = repair(as_text(record.get("content") or record.get("text")))
        shared = as_map(record.get("share"))
        link, said = as_text(shared.get("link")), repair(as_text(shared.get("share_text")))
        parts = [text, said if said not in text else "", link if link not in text else ""]
        unsent = record.get("is_unsent") is True or record.get("isUnsent") is True
        files = tuple(self._files(record))
        told = as_text(record.get("type")) in _SYSTEM
        if not told and not files and _is_notice(text.strip(), author):
            told, parts = True, [_name_doer(text.strip(), author)]
        return make_message(
            author,
            sent_at,
            "\n".join(filter(None, parts)),
            number,
            kind="system" if told else "message",
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


def _is_notice(text: str, author: str) -> bool:
    """Tell whether Messenger itself says what somebody did: reacted, named the group, voted."""
    if len(text) > _LONGEST_NOTICE or "\n" in text:
        return False
    names = [name for name in (author, author.partition(" ")[0], "You") if text.startswith(f"{name} ")]
    did = text.removeprefix(names[0]).lstrip() if names else text
    if _REACTED.fullmatch(did) and any(category(letter) == "So" for letter in did):
        return True
    return _DID.match(did) is not None if names else text == "Liked a message"


def _name_doer(text: str, author: str) -> str:
    """Return a notice with the name of whom it is about: "Liked a message" has none."""
    return text if text.startswith((author.partition(" ")[0], "You ")) else f"{author}: {text}"


def repair(text: str) -> str:
    """Return a text whose bytes were written as characters as what they mean; one that is right stays."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
