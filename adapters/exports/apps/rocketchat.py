"""Rocket.Chat's export of a room or of one's own data: messages as a JSON list, or a line for each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, tzinfo
from itertools import chain
from pathlib import PurePosixPath

from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_files import parse_line
from adapters.exports.json_stream import as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedMessage
from adapters.exports.text_export import Line, TextExport
from adapters.exports.timestamps import from_iso, in_zone

Record = dict[str, object]
_DID = {"uj": "joined", "ul": "left", "au": "was added", "ru": "was removed", "ujt": "joined the team"}
"""Notices whose words are nothing but a name."""
_KEYS = {"msg", "ts"}


class RocketChatExport(TextExport):
    """Reads the messages of one room."""

    name = "rocketchat"
    label = "Rocket.Chat"
    members = re.compile(r"\.jsonl?$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by the first message: its words and its time go by names of their own."""
        first = head.lstrip("[\n\r\t ").partition("\n")[0]
        record = parse_line(first.rstrip(", ]"))
        if not record and first.startswith("{"):
            near = head.lstrip("[\n\r\t ")[:2000]
            return all(key in near for key in ('"msg"', '"ts"')) and any(key in near for key in ('"rid"', '"username"'))
        return record.keys() >= _KEYS and bool(record.keys() & {"username", "u", "type"})

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return the room's name, which its file has."""
        del head
        return path.parent.name if path.stem in {"messages", "room"} and path.parent.name else path.stem

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages, the oldest first where a list has the newest first."""
        first = next(lines, (1, ""))
        if first[1].lstrip().startswith("["):
            text = "\n".join([first[1], *(line for _, line in lines)])
            records = [as_map(each) for each in _load(text)]
            if not records:
                warnings.note(1, "opens a list that can't be read as JSON; nothing of it was read")
            read = (_message(record, number, zone, media, warnings) for number, record in enumerate(records, 1))
            yield from sorted((each for each in read if each), key=lambda message: message.sent_at)
            return
        for number, line in chain([first], lines):
            if line.strip() and (message := _message(parse_line(line.rstrip(", ]")), number, zone, media, warnings)):
                yield message


def _message(
    record: Record, number: int, zone: tzinfo, media: MediaTree, warnings: WarningCounter
) -> ParsedMessage | None:
    sent_at = _time(record.get("ts"), zone)
    if sent_at is None:
        warnings.note(number, "is not a message with a possible time; it was left out")
        return None
    user = as_map(record.get("u"))
    author = as_text(user.get("name")) or as_text(record.get("username")) or as_text(user.get("username"))
    system = as_text(record.get("t"))
    files = [as_map(each) for each in as_list(record.get("attachments"))]
    named = [
        (as_text(each.get("fileName")) or as_text(each.get("title")), as_text(each.get("fileId"))) for each in files
    ]
    return make_message(
        author or "Somebody",
        sent_at,
        _words_of(record, files, author, system),
        number,
        kind="system" if system and system not in {"rm", "e2e"} else "message",
        attachments=tuple(make_attachment(n, path=p, present=p in media) for n, p in named if n),
        edited="editedAt" in record,
        deleted=system == "rm",
        external_id=as_text(record.get("_id")) or None,
        author_id=as_text(record.get("username")) or as_text(user.get("username")) or None,
        thread=as_text(record.get("tmid")) or None,
    )


def _words_of(record: Record, files: list[Record], author: str, system: str) -> str:
    """Return what was said, with the descriptions of files; of a notice who did what."""
    said = as_text(record.get("msg"))
    if system in _DID:
        return f"{said or author} {_DID[system]}".strip()
    return "\n".join(filter(None, [said, *(as_text(each.get("description")) for each in files)]))


def _time(value: object, zone: tzinfo) -> datetime | None:
    """Return a time as ISO 8601, or as MongoDB writes it: {"$date": …}."""
    inner = as_map(value).get("$date", value)
    text = as_text(inner)
    return in_zone(int(text) / 1000, zone) if text.isdecimal() and len(text) < 16 else from_iso(text, zone)


def _load(text: str) -> list[object]:
    with suppress(ValueError, RecursionError):
        return as_list(json.loads(text))
    return []
