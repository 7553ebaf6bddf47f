"""Reads days and clock times as apps write them for people, in whatever language and order."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from adapters.exports.parsed import DateOrder
from adapters.exports.timestamps import from_iso
from adapters.exports.whatsapp.dates import read_triple
from adapters.exports.whatsapp.headers import read_time

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
