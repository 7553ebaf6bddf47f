"""Zulip's export of an organisation: messages-000001.json and so on, with the people and channels in realm.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import Final, NamedTuple

from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root
from adapters.exports.json_files import read_object
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.parsed import ParsedChat, ParseOptions
from adapters.exports.plain.export import chats_of_lines
from adapters.exports.timestamps import in_zone
from bot import LocalZone

Record = dict[str, object]
_MESSAGES: Final = "zerver_message"
_PERSON, _CHANNEL = "1", "2"
_UPLOAD: Final = re.compile(r"\[([^\]\n]{0,200})\]\(/user_uploads/([^)\s]{1,300})\)")


class ZulipExport(JsonExport):
    """Reads the channels and direct messages of one file of messages."""

    name = "zulip"
    label = "Zulip"

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the table of messages."""
        if reader.next()[0] != "start_map":
            return False
        for key, event in reader.members():
            if key == _MESSAGES:
                return event[0] == "start_array"
            if not key.startswith("zerver_"):
                return False
            reader.skip(event)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations. Raises ImportRefused."""
        enter_root(reader)
        realm = _Realm.read(media)
        warnings, zone = WarningCounter(), options.timezone or LocalZone()
        with TemporaryFile() as lines:
            for key, event in reader.members():
                if key != _MESSAGES or event[0] != "start_array":
                    reader.skip(event)
                    continue
                for number, each in enumerate(reader.elements(), 1):
                    record = _record(as_map(reader.value(each)), realm, zone)
                    if record is None:
                        warnings.note(number, "has no possible time; it was left out")
                    else:
                        lines.write(json.dumps(record).encode() + b"\n")
            lines.seek(0)
            yield from chats_of_lines(lines, "Zulip", media, options, warnings)


class _Realm(NamedTuple):
    """Who is who and what the recipients are: people by their id, recipients by theirs."""

    people: dict[str, str]
    recipients: dict[str, tuple[str, str]]

    @classmethod
    def read(cls, media: MediaTree) -> _Realm:
        """Read realm.json, which lies beside the messages."""
        realm = read_object(media, "realm.json")
        tables = ("zerver_userprofile", "zerver_userprofile_mirrordummy", "zerver_userprofile_crossrealm")
        users = [as_map(user) for table in tables for user in as_list(realm.get(table))]
        people = {as_text(user.get("id")): as_text(user.get("full_name") or user.get("email")) for user in users}
        channels = {
            as_text(each.get("id")): as_text(each.get("name"))
            for each in map(as_map, as_list(realm.get("zerver_stream")))
        }
        recipients = {}
        for each in map(as_map, as_list(realm.get("zerver_recipient"))):
            kind, place = as_text(each.get("type")), as_text(each.get("type_id"))
            title = people.get(place) if kind == _PERSON else channels.get(place) if kind == _CHANNEL else ""
            recipients[as_text(each.get("id"))] = (kind, title or "")
        return cls(people, recipients)


def _record(message: Record, realm: _Realm, zone: tzinfo) -> Record | None:
    seconds = as_text(message.get("date_sent"))
    sent_at = in_zone(float(seconds), zone) if re.fullmatch(r"\d{1,12}(?:\.\d+)?", seconds) else None
    if sent_at is None:
        return None
    sender, place = as_text(message.get("sender")), as_text(message.get("recipient"))
    kind, title = realm.recipients.get(place, ("", ""))
    author = realm.people.get(sender) or "Somebody"
    if kind == _PERSON:
        first, second = sorted((author, title))
        place, title = f"{first}/{second}", f"{first}, {second}"
    text = as_text(message.get("content"))
    uploads = _UPLOAD.findall(text)
    return {
        "id": as_text(message.get("id")),
        "author": author,
        "author_id": sender,
        "sent_at": sent_at.isoformat(),
        "text": _UPLOAD.sub("", text).strip() if uploads else text,
        "edited": bool(as_text(message.get("edit_history")).strip("[]")),
        "attachments": [
            {"name": name or PurePosixPath(path).name, "path": f"uploads/{path}"} for name, path in uploads
        ],
        "thread": as_text(message.get("subject")) or None,
        "conversation": {
            "platform": "zulip",
            "id": place,
            "title": title or "Zulip",
            "kind": "direct" if kind == _PERSON else "group",
        },
    }
