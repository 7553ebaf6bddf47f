"""Zoom's saved chats: a text for each meeting, whose lines have a clock time and whose day its folder tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_message
from adapters.exports.parsed import ParsedMessage
from adapters.exports.text_export import Line, TextExport, join_lines

_WORDS: Final = (
    ("From|from", "to|To"), ("Von", "an|An"), ("De", "a|A|à|À|para|Para"), ("Da", "a|A|per|Per"),
    ("Van", "naar|aan|Aan"), ("От", "до|кому|для"), ("開始", "終了"), ("来自|來自|自", "至|到|对|對"),
    ("Dari", "kepada|ke"),
)  # fmt: skip
"""What stands before the sender and before the receiver, in the languages of the app."""
_FROM: Final = "|".join(before for before, _ in _WORDS)
_HEADER: Final = re.compile(
    r"(?P<time>\d{1,2}:\d\d:\d\d)(?: [AP]M)?[ \t]++"
    r"(?P<who>[^\t:][^\t\n]{0,300}?)[ \t]{0,8}[:：](?:[ \t]++(?P<text>.*))?"
)
"""Of old, words follow on the line; now the line ends and they stand below it, behind a tab."""
_SENT: Final = (
    *(
        re.compile(rf"(?:{before}) +(?P<author>.{{1,150}}?)(?: +(?:{after}) +(?:(?! (?:{after}) ).){{1,150}})?")
        for before, after in _WORDS
    ),
    re.compile(r"(?P<author>.{1,150}?) +(?:to|To|对|對) +.{1,150}"),
)
_OPENS: Final = re.compile(rf"\d{{1,2}}:\d\d:\d\d(?: [AP]M)?[ \t]+(?:{_FROM}) +[^\n]{{1,300}}[:：]")
_ABOVE_TAB: Final = re.compile(r"\d{1,2}:\d\d:\d\d(?: [AP]M)?[ \t]+[^\t\n]{1,300}[:：] ?\n\t")
_CLOUD: Final = re.compile(r"\d{1,2}:\d\d:\d\d[ \t]+[^\t\n:]{1,150}:\t")
_DAY: Final = re.compile(r"(?:GMT)?(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_MEETING: Final = re.compile(r"(20\d\d-\d\d-\d\d \d\d\.\d\d\.\d\d) (?P<title>.{1,200}?)(?: \d{9,11})?")
_GENERIC: Final = re.compile(
    r"(?:meeting_saved(?:_new)?_chat|chat|saved_chat|GMT\d{8}-\d{6}\w{0,40})(?:[ ._(-].{0,40})?", re.IGNORECASE
)
_REACTED: Final = re.compile(
    r"(?:Reacted to \".{0,200}\" with .{1,40}|Removed a .{1,40} reaction from \".{0,200}\")", re.DOTALL
)
_REPLYING: Final = re.compile(r"Replying to \"[^\n]{0,300}\"\n+(?=\S)")
_NO_DAY: Final = (
    "has a clock time, and neither the name of the file nor that of its folder (2024-05-03 …) tells the day; "
    "that of the file itself was taken"
)
_NEXT_DAY: Final = timedelta(hours=6)
"""A clock that goes back by so much has passed midnight."""


class ZoomExport(TextExport):
    """Reads the chats that Zoom saves of its meetings."""

    name = "zoom"
    label = "Zoom (saved chat)"
    members = re.compile(r"\.txt$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by the first line, or by words that stand below their header."""
        lines = head.lstrip("\ufeff\n ").replace("\r\n", "\n")
        first, _, rest = lines.partition("\n")
        cloud = _CLOUD.match(first) is not None and _CLOUD.match(rest.partition("\n")[0]) is not None
        return _OPENS.match(first) is not None or _ABOVE_TAB.match(lines) is not None or cloud

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return the meeting's name, which its folder has; else that of the file."""
        del head
        names = (path.parent.name, path.stem)
        found = next((meeting for name in names if (meeting := _MEETING.fullmatch(name))), None)
        if found:
            return found["title"]
        return path.stem if not _GENERIC.fullmatch(path.stem) else path.parent.name or "Zoom"

    def read_named(
        self, path: PurePosixPath, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages on the day that the path names, else on that of the file."""
        named = _DAY.search(path.stem) or _DAY.search(path.parent.name) or _DAY.search(media.label)
        day = read_day("-".join(named.groups())) if named else None
        if day is None:
            written = media.modified(path.name)
            day = written.astimezone(zone).date() if written else None
            warnings.note(1, _NO_DAY)
        return _read(lines, day, zone) if day else iter(())

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of a text without a name."""
        return self.read_named(PurePosixPath(media.label), lines, media, zone, warnings)


def _read(lines: Iterator[Line], day: date, zone: tzinfo) -> Iterator[ParsedMessage]:
    clock = _Clock(day, zone)

    def read(number: int, line: str) -> ParsedMessage | bool:
        found = _HEADER.fullmatch(line)
        sent_at = clock.read(found["time"]) if found else None
        if found is None or sent_at is None:
            return False
        return make_message(_author_of(found["who"].strip()), sent_at, found["text"] or "", number)

    parts = ((number, part) for number, line in lines for part in line.split("\r"))
    for message in join_lines(parts, read):
        yield _recognise(message)


def _author_of(who: str) -> str:
    """Return the sender of "From Mara to Everyone"; the name alone stands in a recording's chat."""
    found = next((sent for pattern in _SENT if (sent := pattern.fullmatch(who))), None)
    return found["author"].strip() if found else who


class _Clock:
    """Gives clock times their day; a meeting may last past midnight."""

    def __init__(self, day: date, zone: tzinfo) -> None:
        self._day, self._zone = day, zone
        self._last: datetime | None = None

    def read(self, time: str) -> datetime | None:
        """Return the moment of a clock time."""
        moment = at_time(self._day, time, self._zone)
        if moment and self._last and self._last - moment > _NEXT_DAY:
            self._day += timedelta(days=1)
            moment = at_time(self._day, time, self._zone)
        self._last = moment or self._last
        return moment


def _recognise(message: ParsedMessage) -> ParsedMessage:
    """Return a message without the tabs before its lines; a reaction is no message of anybody."""
    text = "\n".join(line.removeprefix("\t") for line in message.text.split("\n")).strip("\n")
    if _REACTED.fullmatch(text.strip()):
        return make_message(None, message.sent_at, f"{message.author}: {text.strip()}", message.line, kind="system")
    return message._replace(text=_REPLYING.sub("", text, count=1))
