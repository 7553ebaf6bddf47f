"""Snapchat's download of one's data: json/chat_history.json, by conversation as it is now, or in lists as it was."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso, in_zone
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
_KEYS: Final = frozenset({"Media Type", "Created"})
_OLD: Final = re.compile(r"(?:Received|Sent) (?:Saved|Unsaved) Chat History")
_FILES: Final[dict[str, AttachmentKind]] = {
    "IMAGE": "image", "VIDEO": "video", "AUDIO": "audio", "NOTE": "audio", "STICKER": "sticker", "MEDIA": "unknown",
}  # fmt: skip
_ERASED: Final = "STATUSERASEDMESSAGE"
_ME: Final = "Me"


class SnapchatExport(JsonExport):
    """Reads the chats of an account, as far as they were saved."""

    name = "snapchat"
    label = "Snapchat"
    members = re.compile(r"(?:^|/)chat_history\.json$")

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the first message of a list."""
        if reader.next()[0] != "start_map":
            return False
        for _, event in reader.members():
            if event[0] != "start_array":
                return False
            first = reader.next()
            if first[0] == "start_map":
                return _KEYS.issubset(as_map(reader.value(first)))
            if first[0] != "end_array":
                return False
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations, each the oldest message first."""
        enter_root(reader)
        names = _read_names(media)
        zone = options.timezone or LocalZone()
        old: dict[str, list[Record]] = {}
        for key, event in reader.members():
            if event[0] != "start_array":
                reader.skip(event)
                continue
            records = [as_map(reader.value(each)) for each in reader.elements()]
            if _OLD.fullmatch(key):
                for record in records:
                    old.setdefault(as_text(record.get("From") or record.get("To")), []).append(record)
            else:
                yield _make_chat(key, records, names, media, zone)
        for other, records in old.items():
            yield _make_chat(other, records, names, media, zone)


def _read_names(media: MediaTree) -> dict[str, str]:
    """Return what people call themselves, by their account, where the download tells."""
    names: dict[str, str] = {}
    with suppress(ImportRefused, KeyError), media.open("friends.json") as stream:
        event = (reader := JsonReader(stream)).next()
        for people in as_map(reader.value(event)).values():
            for each in map(as_map, as_list(people)):
                if name := as_text(each.get("Display Name")):
                    names.setdefault(as_text(each.get("Username")), name)
    return names


def _make_chat(
    key: str, records: Iterable[Record], names: dict[str, str], media: MediaTree, zone: tzinfo
) -> ParsedChat:
    warnings = WarningCounter()
    titles, people, own = set[str](), set[str](), ""
    messages: list[ParsedMessage] = []
    for number, record in enumerate(records, 1):
        titles.add(as_text(record.get("Conversation Title")))
        sender = as_text(record.get("From"))
        if record.get("IsSender") is True or "To" in record:
            own = own or sender or _ME
        else:
            people.add(sender)
        if message := _message(record, number, names, media, zone, warnings):
            messages.append(message)
    messages.sort(key=lambda message: message.sent_at)
    title = next(iter(sorted(titles - {""})), "")
    chat = ParsedChat(
        title or names.get(key, key) or "Snapchat",
        iter(messages),
        media=media,
        external_id=key or None,
        kind="group" if title or len(people) > 1 else "direct",
        own_account=own or None,
    )
    warnings.add_to(chat)
    return chat


def _message(
    record: Record, number: int, names: dict[str, str], media: MediaTree, zone: tzinfo, warnings: WarningCounter
) -> ParsedMessage | None:
    sent_at = _time(record, zone)
    if sent_at is None:
        warnings.note(number, "has no possible time; it was left out")
        return None
    sender = as_text(record.get("From")) or _ME
    kind = as_text(record.get("Media Type")).upper()
    text = html.unescape(as_text(record.get("Content") or record.get("Text")))
    if kind.startswith("STATUS") and kind != _ERASED:
        told = text or kind.removeprefix("STATUS").lower().replace("_", " ")
        return make_message(None, sent_at, f"{names.get(sender, sender)}: {told}", number, kind="system")
    return make_message(
        names.get(sender, sender), sent_at, text, number, attachments=tuple(_files(record, kind, text, media)),
        deleted=kind == _ERASED, author_id=sender,
    )  # fmt: skip


def _files(record: Record, kind: str, text: str, media: MediaTree) -> Iterator[ParsedAttachment]:
    """Yield the files of a message; in the download their names begin with the day, then the id."""
    ids = [each.strip() for each in as_text(record.get("Media IDs")).split("|") if each.strip()]
    day = as_text(record.get("Created"))[:10]
    for identity in ids:
        found = next(
            (
                path
                for ending in (".jpg", ".mp4", ".png", ".jpeg", ".webp", ".unknown", "")
                for path in (f"../chat_media/{day}_{identity}{ending}", f"chat_media/{day}_{identity}{ending}")
                if path in media
            ),
            "",
        )
        name = f"{day}_{identity}" if not found else found.rpartition("/")[2]
        yield make_attachment(name, _FILES.get(kind) if not found else None, path=found, present=bool(found))
    if not ids and kind in _FILES and not text:
        yield make_attachment(None, _FILES[kind])


def _time(record: Record, zone: tzinfo) -> datetime | None:
    exact = as_text(record.get("Created(microseconds)"))
    if exact.isdecimal() and int(exact) > 0:
        thousands = 1000 if len(exact) < 16 else 1_000_000  # called microseconds, written in milliseconds
        return in_zone(int(exact) / thousands, zone)
    moment = from_iso(as_text(record.get("Created")).removesuffix(" UTC") + "+00:00", zone)
    return moment.astimezone(zone) if moment else None
