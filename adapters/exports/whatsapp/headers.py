"""Finds where a WhatsApp message begins: learns the header's shape from one line, whatever the phone's locale.

The format is undocumented and follows the locale, so nothing here lists locales. A general grammar finds a date
and a clock time in a line that opens like a header; from the line that was found a strict pattern is made, and
that pattern reads the rest of the file fast.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Literal

from adapters.exports.whatsapp.dates import LAST_YEAR, read_triple
from adapters.exports.whatsapp.named_dates import NAMED_DATE, is_date_word
from adapters.exports.whatsapp.periods import FILLERS, read_period

MARKS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff"
"""Direction marks and byte order marks, as a character class: WhatsApp strews them into headers."""
SPACES = " \u00a0\u202f\u2007\u2009"
"""What stands for a space in some locale, as a character class."""
LONGEST_HEADER = 100
"""In characters, the author's name not counted."""

Family = Literal["bracket", "dash", "colon"]

_MARKS = frozenset([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_CLEAN = {
    **dict.fromkeys(_MARKS),
    **dict.fromkeys([0xA0, 0x202F, 0x2007, 0x2009], " "),
}
_ERA = r"(?:[RHS](?=\d)|令和 ?|平成 ?|昭和 ?|民[國国] ?|พ\.ศ\. ?)?"
_DATE = re.compile(
    rf"(?<!\d){_ERA}\d{{1,4}}(?P<s> ?[./-] ?|[年년] ?)\d{{1,2}}(?P<t> ?[./-] ?|[月월] ?)"
    rf"{_ERA}\d{{1,4}}(?:\.|日|일)?(?: ?(?:BE|AD|พ\.ศ\.|г\.?|р\.)(?!\w))?"
)
_TIME = re.compile(
    r"(?<!\d)(?P<h>\d{1,2})(?:[:.：]|[时時點点시] ?| ?h ?)(?P<m>\d{2})"
    r"(?:(?:[:.：]|[分분] ?| ?min ?)(?P<s>\d{2})(?:秒|초| s(?!\w))?|분|分)?(?![\d:])"
)
_PLAIN_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
_OPENINGS: tuple[tuple[Family, re.Pattern[str]], ...] = (
    ("bracket", re.compile(r"\[([^\[\]\n]{6,60})\] ?")),
    ("dash", re.compile(r"(\S[^\n]{5,58}?) [-–—] ")),
    ("colon", re.compile(r"(\d[^\n]{8,40}?): (?=\S)")),
)
_AUTHOR = r"(?:([^:\n]{0,200}(?::(?![ \n])[^:\n]{0,100}){0,8}):(?=[ \n]))?"
"""Up to the first colon that a space or the line's end follows; without one the line has no author."""
_AUTHOR_ONLY = re.compile(_AUTHOR)
_TOKEN = re.compile(r"\d+|\s|[^\d\s.,،/:\[\]()-]+|.", re.DOTALL)
_PUNCTUATION = " ,،、;.·"
_PERIOD_CLASS = r"[^\d\n\[\],،:]{1,24}?"
_DATE_WORD_CLASS = r"[^\d\s\[\],،:/]{2,24}"


def clean(text: str) -> str:
    """Drop the invisible marks and make every kind of space a plain one: for headers and names only."""
    return text.translate(_CLEAN)


def clean_name(text: str) -> str:
    """Return a name without marks, nor the "~" of people who are not among the phone's contacts."""
    name = clean(text).replace("\u2011", "-").strip()
    return name[1:].strip() if name.startswith("~") else name


@dataclass(frozen=True, slots=True)
class Header:
    """One header that the general grammar found; `date` and `time` as written, `end` where the rest begins."""

    family: Family
    date: str
    time: str
    date_first: bool
    rest: str
    certain: bool
    """False when words stand beside date and time that are known neither as AM/PM nor as filling."""


@dataclass(frozen=True, slots=True)
class HeaderShape:
    """How the headers of one file look.

    `messages.split(text)` gives five columns a message: the text before, the whole header, date and time (in
    the file's order: `date_column`), and the author or None. `dates` finds the dates alone.
    """

    family: Family
    date_first: bool
    messages: re.Pattern[str]
    dates: re.Pattern[str]
    date_column: int
    time_column: int
    has_period: bool = False
    """Whether times are told by morning and afternoon."""
    has_year: bool = True

    def fits(self, header: Header) -> bool:
        """Tell whether a header that `messages` missed is of this shape all the same: other marks, say."""
        return header.certain and header.family == self.family and header.date_first == self.date_first


def find_header(line: str) -> Header | None:
    """Return the header that `line` opens with, in whatever locale; None when it opens with none."""
    start = clean(line[: 3 * LONGEST_HEADER])
    for family, opening in _OPENINGS:
        found = opening.match(start)
        spans = found and _spans(found.group(1))
        if found and spans:
            stamp = found.group(1)
            (date_from, date_to), (time_from, time_to), certain = spans
            date, time = stamp[date_from:date_to], stamp[time_from:time_to]
            rest = line[_end_in_raw(line, found.end()) :]
            return Header(family, date, time, date_from < time_from, rest, certain)
    return None


def _end_in_raw(line: str, length: int) -> int:
    """Return how many characters of `line` make the first `length` of its clean form."""
    at = 0
    while length:
        length -= ord(line[at]) not in _MARKS
        at += 1
    return at


def split_author(rest: str) -> tuple[str | None, str]:
    """Split what follows a header into the author and the body, which keeps the space before it."""
    found = _AUTHOR_ONLY.match(rest + "\n")
    author = found.group(1) if found else None
    return (author, rest[len(author) + 1 :]) if author is not None else (None, rest)


Span = tuple[int, int]


def _spans(stamp: str) -> tuple[Span, Span, bool] | None:
    """Find date and time (AM/PM included) in a stamp; both may be dotted numbers, so every pairing is tried."""
    for date in chain(_DATE.finditer(stamp), NAMED_DATE.finditer(stamp)):
        between = date.groupdict()
        if between and between["s"].strip() != between["t"].strip() and between["s"][0] not in "年년":
            continue
        triple = read_triple(date.group())
        if triple is None or not any(day and day.year <= LAST_YEAR for day in map(triple.read, triple.orders())):
            continue
        for time in _TIME.finditer(stamp):
            apart = time.start() >= date.end() or time.end() <= date.start()
            if apart and (spans := _include_period(stamp, date.span(), time.span())):
                return spans
    return None


def _include_period(stamp: str, date: Span, time: Span) -> tuple[Span, Span, bool] | None:
    """Take AM/PM, before or after, into the time's span; None when there are words that no header has."""
    before = (date[1] if date[1] <= time[0] else 0, time[0])
    after = (time[1], date[0] if date[0] >= time[1] else len(stamp))
    rest = stamp[: min(date[0], before[0])] + stamp[max(date[1], after[1]) :]
    certain = True
    start, end = time
    for at, until in (before, after):
        words = stamp[at:until].strip(_PUNCTUATION)
        if not words or words.casefold().strip(".") in FILLERS:
            continue
        word_at = stamp.index(words, at, until)
        if read_period(words):
            start, end = min(start, word_at), max(end, word_at + len(words.rstrip()))
            # "p. m." ends in a dot that belongs to the word.
            end += stamp[end : end + 1] == "."
        else:
            certain = False
            if len(words) > 12 or any(character.isdigit() for character in words):
                return None
    return (date, (start, end), certain) if not rest.strip(_PUNCTUATION) else None


def read_time(text: str) -> timedelta | None:
    """Return the time since midnight of a clock time such as "9:25 p. m.", "下午1:31" or "21.25.15".

    Hours that no clock shows are read for what they must mean: 23:59 PM is 23:59, 00:04 AM is 00:04, and 24:05
    is 00:05. None when it is not a clock time.
    """
    if _PLAIN_TIME.fullmatch(text):
        # A chat with seconds has up to 86,400 of these, so they are worth a shorter way.
        return timedelta(hours=int(text[:2]), minutes=int(text[3:5]), seconds=int(text[6:] or 0))
    text = clean(text)
    found = _TIME.search(text)
    if found is None:
        return None
    word = (text[: found.start()] + text[found.end() :]).strip()
    hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"] or 0)
    if hour > 24 or minute > 59 or second > 60:
        return None
    period = read_period(word) if word else None
    if word and period is None:
        return None
    return timedelta(hours=_on_the_day(hour, period), minutes=minute, seconds=min(second, 59))


def _on_the_day(hour: int, period: str | None) -> int:
    if period == "noon":
        return hour + 12 if hour < 6 else hour
    if period == "night":
        return (hour + 12) % 24 if 5 <= hour <= 12 else hour % 24
    if period == "pm":
        return hour + 12 if hour < 12 else hour % 24
    return 0 if hour == 24 or (period == "am" and hour == 12) else hour


def learn(line: str) -> HeaderShape | None:
    """Make a shape from a line that opens with a header; None when it does not."""
    header = find_header(line)
    if header is None:
        return None
    start = clean(line[: 3 * LONGEST_HEADER])
    stamp = next(found.group(1) for family, opening in _OPENINGS if family == header.family
                 for found in [opening.match(start)] if found)  # fmt: skip
    spans, triple = _spans(stamp), read_triple(header.date)
    if spans is None or triple is None:
        return None
    marks = f"[{MARKS}]*" if re.search(f"[{MARKS}]", _as_written(line, start.find(stamp) + len(stamp))[1:]) else ""
    body = _stamp_pattern(stamp, spans[0], spans[1], marks)
    before, after = {"bracket": (r"\[", r"\] ?"), "dash": ("", f"[{SPACES}][-–—][{SPACES}]"), "colon": ("", ": ")}[
        header.family
    ]
    lead = f"\n([{MARKS}]*{before}{marks}"
    date_column, time_column = (2, 3) if header.date_first else (3, 2)
    return HeaderShape(
        header.family,
        header.date_first,
        re.compile(f"{lead}{body}{marks}{after}{marks}){_AUTHOR}"),
        re.compile(_only_date(f"{lead}{body}{marks}{after}{marks})", header.date_first)),
        date_column,
        time_column,
        has_period=_PERIOD_CLASS in body,
        has_year=triple.has_year,
    )


def _as_written(line: str, length: int) -> str:
    """Return the beginning of a line of which so many characters are left without its marks, with them."""
    kept = 0
    for at, character in enumerate(line):
        kept += ord(character) not in _MARKS
        if kept >= length:
            return line[: at + 1]
    return line


def _only_date(pattern: str, date_first: bool) -> str:  # noqa: FBT001 (a column's place)
    """Turn all groups but the date's into plain ones, so that findall gives strings."""
    parts = re.split(r"(?<!\\)\((?!\?)", pattern)
    keep = 2 if date_first else 3
    return "".join(part if n == 0 else ("(" if n == keep else "(?:") + part for n, part in enumerate(parts))


def _stamp_pattern(stamp: str, date: Span, time: Span, marks: str) -> str:
    pieces: list[tuple[Span, str]] = [(date, f"({_literal(stamp[slice(*date)], marks, is_date=True)})")]
    clock = _TIME.search(stamp, *time)
    if clock is None:  # not reached: the span was found with the same pattern
        raise ValueError(stamp)
    digits = _literal(clock.group(), marks, is_date=False)
    if clock.start() > time[0]:
        digits = f"{_PERIOD_CLASS}[{SPACES}]?{digits}"
    if clock.end() < time[1]:
        digits = f"{digits}[{SPACES}]?{_PERIOD_CLASS}"
    pieces.append((time, f"({digits})"))
    pattern, at = "", 0
    for (start, end), piece in sorted(pieces):
        pattern += _literal(stamp[at:start], marks, is_date=False) + piece
        at = end
    return pattern + _literal(stamp[at:], marks, is_date=False)


def _literal(text: str, marks: str, *, is_date: bool) -> str:
    """Make a pattern for text of the same make: as many digits (one or two are alike), any kind of space."""
    digit = "[0-9]" if text.isascii() else r"\d"
    pattern, after_word = "", False
    for piece in _TOKEN.findall(text):
        if piece == "." and after_word:
            continue  # a month is "Aug." here and "May" there
        after_word = is_date and is_date_word(piece)
        if piece.isdigit():
            length = len(piece)
            pattern += marks + digit + ("{1,2}" if length <= 2 else "{3,4}")
        elif piece.isspace():
            pattern += f"{marks}[{SPACES}]"
        elif after_word:
            pattern += marks + _DATE_WORD_CLASS
        elif is_date and piece in {"R", "H", "S"}:
            pattern += marks + "[RHS]"
        else:
            pattern += marks + re.escape(piece)
    return pattern
