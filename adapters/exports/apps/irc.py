"""IRC logs of irssi, WeeChat, ZNC, HexChat, mIRC and their like: a text for each channel, or one a day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_message
from adapters.exports.parsed import ParsedMessage
from adapters.exports.text_export import Line, TextExport
from adapters.exports.timestamps import from_iso

_MONTHS: Final = {month: n for n, month in enumerate(calendar.month_abbr) if month}
_DAY: Final = re.compile(
    r"(?:--- (?:Log opened|Day changed)|\*{4} BEGIN LOGGING AT|Session Start:|\[?---? ?Day changed to) ?"
    r"(?:\w{3},? )?(?P<month>\w{3}) +(?P<day>\d{1,2})(?: \d\d:\d\d:\d\d)? (?P<year>\d{4}).*"
)
_END: Final = re.compile(r"(?:--- Log closed|\*{4} ENDING LOGGING|Session (?:Close|Ident|Time)).*")
_STAMP: Final = (
    r"\[?(?:(?P<date>\d{4}-\d\d-\d\d|\d\d([./])\d\d\2\d{4})[T ]"
    r"|(?P<month>[A-Z][a-z]{2}) (?P<day>\d\d) |(?P<day_first>\d{1,2}) (?P<its_month>[A-Z][a-z]{2}) )?"
    r"(?P<time>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?\]?"
)
_NICK: Final = r"[~&@%+ ]{0,2}(?P<nick>[^\s<>:*]{1,64})"
_SAID: Final = re.compile(rf"{_STAMP}(?:\s+<{_NICK}>\s?|\t{_NICK.replace('nick', 'tabbed')}\t)(?P<text>.*)")
_ACTION: Final = re.compile(rf"{_STAMP}\s+\*\s+{_NICK} (?P<text>(?!\([^()\s]+@[^()\s]+\) (?:has|Quit)).*)")
_UNSTAMPED: Final = re.compile(r"(?:===|-!-|\*{3})\s+(?P<text>.*)")
"""What happened, as some logs write it: without a time of its own."""
_HOST: Final = re.compile(r"!\S+@\S+$")
_SYSTEM: Final = re.compile(rf"{_STAMP}\s+(?:-!-|\*{{3}}|-->|<--|--|=!=|\*)\s+(?P<text>.*)")
_FILE_DAY: Final = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)")
_NO_DAY: Final = (
    "has a clock time, and neither a line before it nor the file's name (2024-05-03.log) tells the day; it was left out"
)
_ARROWS: Final = frozenset({"--", "-->", "<--", "=!=", ""})
_FEWEST: Final = 2
_FORMATTING: Final = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04[0-9A-Fa-f]{6}|[\x02\x0f\x11\x16\x1d-\x1f]")
"""Colours, bold and the like, as mIRC and its followers write them: https://modern.ircdocs.horse/formatting.html"""


class IrcExport(TextExport):
    """Reads logs whose lines have a clock time and a nickname in angle brackets, or between tabs."""

    name = "irc"
    label = "IRC log"
    members = re.compile(r"\.(?:log|txt|weechatlog)$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by a first line that opens a log, or by two lines that somebody said."""
        lines = head.lstrip("\ufeff").split("\n")[:60]
        said = sum(1 for line in lines if (found := _SAID.fullmatch(line)) and _is_spoken(found))
        said += said and sum(1 for line in lines if _ACTION.fullmatch(line))
        opens = _DAY.fullmatch(lines[0]) is not None
        return said >= (1 if opens else _FEWEST) and (opens or any("<" in line or "\t" in line for line in lines))

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return the channel: by the file's name, or by its folder where the file is called by a day."""
        del head
        stem = re.sub(r"^irc\.[^.]+\.|\.weechatlog$", "", path.stem)
        rest = _FILE_DAY.sub("", stem).strip("._- ")
        return rest or path.parent.name or path.stem

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield what was said and done, each on the day above it."""
        log = _Log(zone, warnings, _day_of(media))
        first = next(lines, None)
        for number, line in chain([first] if first else [], lines):
            if (message := log.read(number, line)) is not None:
                yield message


def _is_spoken(found: re.Match[str]) -> bool:
    """Tell whether somebody said it; WeeChat's tabs stand behind a whole date, LINE's behind a clock time alone."""
    return found["nick"] is not None or (found["date"] is not None and found["tabbed"] not in _ARROWS)


def _day_of(media: MediaTree) -> date | None:
    found = _FILE_DAY.search(media.label)
    return read_day("-".join(found.groups())) if found else None


class _Log:
    def __init__(self, zone: tzinfo, warnings: WarningCounter, day: date | None) -> None:
        self._zone, self._warnings, self._day = zone, warnings, day
        self._last: datetime | None = None

    def read(self, number: int, line: str) -> ParsedMessage | None:
        """Return what a line tells; None for one that opens a day, or can't be read."""
        if opened := _DAY.fullmatch(line):
            self._day = self._date(opened["month"], opened["day"], int(opened["year"])) or self._day
            return None
        line = _FORMATTING.sub("", line)
        if not line.strip() or _END.fullmatch(line):
            return None
        for pattern in (_SAID, _ACTION, _SYSTEM):
            found = pattern.fullmatch(line)
            if found is not None:
                return self._message(pattern, found, number)
        if self._last is not None and (happened := _UNSTAMPED.fullmatch(line)):
            return make_message(None, self._last, happened["text"], number, kind="system")
        self._warnings.note(number, "is not of a shape that IRC logs have; it was left out")
        return None

    def _message(self, pattern: re.Pattern[str], found: re.Match[str], number: int) -> ParsedMessage | None:
        sent_at = self._last = self._time(found) or self._last
        if sent_at is None:
            self._warnings.note(
                number,
                _NO_DAY,
            )
            return None
        if pattern is _SYSTEM:
            return make_message(None, sent_at, found["text"], number, kind="system")
        if pattern is _ACTION:
            return make_message(found["nick"], sent_at, f"* {found['text']}", number)
        nick = found["nick"] or found["tabbed"]
        if nick in _ARROWS:
            return make_message(None, sent_at, found["text"], number, kind="system")
        return make_message(_HOST.sub("", nick), sent_at, found["text"], number)

    def _time(self, found: re.Match[str]) -> datetime | None:
        if found["date"]:
            day = read_day(found["date"])
            return from_iso(f"{day}T{found['time']}{found['zone'] or ''}", self._zone) if day else None
        month, number = found["month"] or found["its_month"], found["day"] or found["day_first"]
        if month and self._day:
            self._day = self._date(month, number, self._day.year) or self._day
        return at_time(self._day, found["time"], self._zone)

    @staticmethod
    def _date(month: str, day: str, year: int) -> date | None:
        try:
            return date(year, _MONTHS[month], int(day))
        except (KeyError, ValueError):
            return None
