"""Reads days and clock times as apps write them for people, in whatever language and order."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final

from adapters.exports.parsed import DateOrder
from adapters.exports.timestamps import from_iso
from adapters.exports.whatsapp.dates import read_triple
from adapters.exports.whatsapp.headers import read_time

_CLOCK: Final = re.compile(r"(?<![\d.])\d{1,2}([:.])\d\d\1\d\d(?!\d)")
_ZONE: Final = re.compile(r"(?!(?:AM|PM)$)[A-Z]{2,5}(?:([+\-−])(\d{1,2}):?(\d\d)?)?")
_ANY: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")


def read_day(text: str, orders: tuple[DateOrder, ...] = _ANY) -> date | None:
    """Return the day that a date means, in the first of these orders that fits it; a weekday in front decides."""
    triple = read_triple(text)
    if triple is None or not triple.has_year:
        return None
    allowed = triple.orders()
    days = (triple.read(order) for order in (*orders, *allowed) if order in allowed)
    return next((day for day in days if day is not None), None)


def at_time(day: date | None, clock: str, zone: tzinfo) -> datetime | None:
    """Return the moment of a clock time ("1:31 PM", "오후 1:31", "13:31:05") on a day; None when it is none."""
    time = read_time(clock) if day is not None else None
    if day is None or time is None:
        return None
    return from_iso((datetime.combine(day, datetime.min.time()) + timedelta(seconds=time.seconds)).isoformat(), zone)


def read_moment(text: str, zone: tzinfo) -> datetime | None:
    """Return the time that a line is: "May 19, 2026, 7:07:02 PM GMT-03:00", "10 de mai. de 2026, 03:46:09 BRT"."""
    clock = _CLOCK.search(text)
    if clock is None:
        return None
    rest = text[clock.end() :].split()
    if rest and (named := _ZONE.fullmatch(rest[-1])):
        zone = _zone_of(named, zone)
        rest.pop()
    day, period = text[: clock.start()].strip(" ,"), " ".join(rest)
    before, _, word = day.rpartition(" ")
    with_word = at_time(read_day(before), f"{word} {clock[0]} {period}".strip(), zone)
    return with_word or at_time(read_day(day), f"{clock[0]} {period}".strip(), zone)


def _zone_of(named: re.Match[str], zone: tzinfo) -> tzinfo:
    """Return the zone that a name stands for where it tells its distance; others, as CST, mean several zones."""
    if named[1] is None:
        return UTC if named[0] in {"GMT", "UTC"} else zone
    minutes = int(named[2]) * 60 + int(named[3] or 0)
    return timezone(timedelta(minutes=minutes if named[1] == "+" else -minutes)) if minutes < 24 * 60 else zone
