"""Google Chat from Google Takeout: a folder for each chat, with messages.json and group_info.json."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.chat_stream import stream_chat
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root, read_messages
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import make_zone
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
_DATE: Final = re.compile(
    r"(?P<day>.+?),? (?:at |um |à |a las |às )?(?P<time>\d{1,2}[:.]\d\d[:.]\d\d(?: ?[^\W\d]{2})?) UTC"
)
_EASTERN: Final = re.compile(
    r"(?P<day>\d{4} ?[年년]\ ?\d{1,2} ?[月월] ?\d{1,2} ?[日일])\D*?(?P<period>오전|오후|上午|下午)?"
    r" ?(?P<hour>\d{1,2})[:時时시] ?(?P<minute>\d\d?)[:分분] ?(?P<second>\d\d?)\D*"
)
"""As Chinese, Japanese and Korean have it: 2024年1月1日星期一 UTC 12:00:00."""


class GoogleChatExport(JsonExport):
    """Reads the chats of a Takeout."""

    name = "google_chat"
    label = "Google Chat (Takeout)"
    members = re.compile(r"(?:^|/)messages\.json$")

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the creator of the first message."""
        if reader.next()[0] != "start_map":
            return False
        for key, event in reader.members():
            if key == "messages" and event[0] == "start_array":
                first = reader.next()
                record = as_map(reader.value(first)) if first[0] == "start_map" else {}
                return "created_date" in record and isinstance(record.get("creator"), dict)
            reader.skip(event)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chat of a folder."""
        enter_root(reader)
        title, people = _read_group(media)
        for key, event in reader.members():
            if key != "messages" or event[0] != "start_array":
                reader.skip(event)
                continue
            warnings = WarningCounter()
            kind, _, identity = media.folder.rstrip("/").rpartition("/")[2].partition(" ")
            chat = ParsedChat(
                title or identity or "Google Chat",
                iter(()),
                media=media,
                external_id=identity or None,
                kind="direct" if kind == "DM" or 0 < people <= 2 else "group",
            )
            messages = _MessageReader(media, options.timezone or LocalZone(), warnings)
            yield from stream_chat(chat, read_messages(reader, messages.read), warnings)


def _read_group(media: MediaTree) -> tuple[str, int]:
    """Return what the group is called, else who is in it, and how many they are."""
    with suppress(ImportRefused, KeyError), media.open("group_info.json") as stream:
        event = (reader := JsonReader(stream)).next()
        record = as_map(reader.value(event))
        names = [as_text(as_map(each).get("name")) for each in as_list(record.get("members"))]
        return as_text(record.get("name")) or ", ".join(filter(None, names)), len(names)
    return "", 0


class _MessageReader:
    def __init__(self, media: MediaTree, zone: tzinfo, warnings: WarningCounter) -> None:
        self._media, self._zone, self._warnings = media, zone, warnings

    def read(self, record: Record, number: int) -> ParsedMessage | None:
        """Return the message; None when it has no time."""
        sent_at = read_date(as_text(record.get("created_date")), self._zone)
        if sent_at is None:
            self._warnings.note(number, "has no possible time; it was left out")
            return None
        creator = as_map(record.get("creator"))
        topic, identity = as_text(record.get("topic_id")), as_text(record.get("message_id"))
        return make_message(
            as_text(creator.get("name")) or as_text(creator.get("email")) or "Somebody",
            sent_at,
            as_text(record.get("text")),
            number,
            attachments=tuple(self._files(record)),
            edited="updated_date" in record,
            deleted="deletion_metadata" in record or as_text(record.get("message_state")) == "DELETED",
            external_id=identity or None,
            author_id=as_text(creator.get("email")) or None,
            thread=topic or None,
        )

    def _files(self, record: Record) -> Iterator[ParsedAttachment]:
        for file in map(as_map, as_list(record.get("attached_files"))):
            path = as_text(file.get("export_name"))
            yield make_attachment(
                as_text(file.get("original_name")) or path or None, path=path, present=path in self._media
            )


def read_date(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment of "Monday, January 1, 2024 at 12:00:00 PM UTC", in a zone."""
    if eastern := _EASTERN.fullmatch(text.strip()):
        clock = f"{eastern['hour']}:{int(eastern['minute']):02}:{int(eastern['second']):02}"
        moment = at_time(read_day(eastern["day"]), f"{eastern['period'] or ''} {clock}".strip(), make_zone(0))
        return None if moment is None else moment.astimezone(make_zone(_offset(moment, zone)))
    found = _DATE.fullmatch(text.replace("\u202f", " ").strip())
    if found is None:
        return None
    day = read_day(re.sub(r"^[^\W\d]+,? ", "", found["day"])) or read_day(found["day"])
    moment = at_time(day, found["time"], make_zone(0))
    return None if moment is None else moment.astimezone(make_zone(_offset(moment, zone)))


def _offset(moment: datetime, zone: tzinfo) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return round(offset.total_seconds() / 60) if offset else 0
