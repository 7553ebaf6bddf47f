"""The plain shape of a message: a record of named values, from a line of JSON or a row of a table.

`docs/histories.md` describes it. What `scrubjay import --dry-run --jsonl` and `scrubjay export` print is of this shape.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal, get_args

from adapters.exports.clock_times import at_time, read_day
from adapters.exports.files_by_name import kind_of_file
from adapters.exports.json_stream import as_list, as_map, as_text
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedMessage
from adapters.exports.timestamps import from_iso, in_zone

Record = Mapping[str, object]
AUTHOR = ("author", "sender", "from", "name", "user")
SENT_AT = ("sent_at", "said_at", "timestamp", "date", "time", "datetime")
TEXT = ("text", "message", "content", "body")
BETWEEN_FILES = "|"
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d*)?")
_NAMED = re.compile(
    r"(?P<day>(?:[^\W\d]+,? )?(?:\d{1,2}[- .]*[^\W\d]{3,12}\.?[- ,]+\d{2,4}|[^\W\d]{3,12}\.? \d{1,2},? \d{4}"
    r"|\d{4}[/.]\d{1,2}[/.]\d{1,2})),?[ T]+(?:at )?(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?)"
)
_MILLISECONDS_FROM = 100_000_000_000
_TRUE = frozenset({"true", "yes", "1"})
_KINDS: frozenset[str] = frozenset(get_args(AttachmentKind))


@dataclass(frozen=True, slots=True)
class PlainConversation:
    """The conversation that a record names: by title alone, or as `scrubjay export` writes it."""

    platform: str | None = None
    id: str | None = None
    title: str = ""
    kind: Literal["direct", "group"] | None = None


def conversation_of(record: Record) -> PlainConversation:
    """Return the conversation of a record; the same for all that are to be one."""
    value = record.get("conversation")
    if not isinstance(value, dict):
        return PlainConversation(title=as_text(value))
    kind = as_text(value.get("kind"))
    return PlainConversation(
        as_text(value.get("platform")) or None,
        as_text(value.get("id")) or None,
        as_text(value.get("title")),
        "direct" if kind == "direct" else "group" if kind == "group" else None,
    )


def is_message(record: Record) -> bool:
    """Tell whether a record has what makes a message: words and a time."""
    return any(key in record for key in TEXT) and any(key in record for key in SENT_AT)


def read_sent_at(record: Record, zone: tzinfo) -> datetime | None:
    """Return a record's time: ISO 8601, or seconds or milliseconds since 1970 UTC; None when it is impossible."""
    text = as_text(_first_of(record, SENT_AT)).strip()
    if not _NUMBER.fullmatch(text):
        return from_iso(text, zone) or _read_named(text, zone)
    number = float(text)
    return in_zone(number / 1000 if abs(number) >= _MILLISECONDS_FROM else number, zone)


def _read_named(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment of a date for people whose month is named or whose year comes first: "03-May-24 09:15 PM"."""
    found = _NAMED.fullmatch(text)
    return at_time(read_day(found["day"]), found["clock"], zone) if found else None


def message_of(record: Record, sent_at: datetime, line: int, media: Container[str]) -> ParsedMessage:
    """Return the message of a record."""
    author = as_text(_first_of(record, AUTHOR)).strip() or None
    kind = as_text(record.get("kind"))
    identity = record.get("event_id") if "event_id" in record else record.get("id")
    return ParsedMessage(
        author,
        sent_at,
        as_text(_first_of(record, TEXT)),
        "system" if kind == "system" else "message",
        _attachments(record.get("attachments"), media),
        edited=_is_set(record.get("edited")),
        deleted=_is_set(record.get("deleted")),
        line=line,
        reply_to=as_text(record.get("reply_to")) or None,
        external_id=as_text(identity) or None,
        author_id=as_text(record.get("author_id")) or None,
        thread=as_text(record.get("thread")) or None,
        link=as_text(record.get("link")) or None,
    )


def _first_of(record: Record, keys: tuple[str, ...]) -> object:
    return next((record[key] for key in keys if key in record), None)


def _attachments(value: object, media: Container[str]) -> tuple[ParsedAttachment, ...]:
    if isinstance(value, str):
        value = [name.strip() for name in value.split(BETWEEN_FILES) if name.strip()]
    return tuple(_attachment(each, media) for each in as_list(value))


def _attachment(value: object, media: Container[str]) -> ParsedAttachment:
    record = as_map(value)
    path = as_text(record.get("path")) or as_text(value) or as_text(record.get("name"))
    name = as_text(record.get("name")) or path.rpartition("/")[2]
    kind = as_text(record.get("kind"))
    known: AttachmentKind = kind if kind in _KINDS else kind_of_file(name)  # type: ignore[assignment] # checked here
    here = bool(path) and path in media
    return ParsedAttachment(name or None, known, omitted=not here, path=path if here and path != name else None)


def _is_set(value: object) -> bool:
    return value is True or (isinstance(value, str | int) and str(value).strip().casefold() in _TRUE)
