"""Dates in digits: "2024-05-03", "3.5.24", "31.12.–14.1.", "on 3/5", whose day and month may stand either way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from memory.timeline import calendar
from memory.timeline.calendar import DAY, InYear, TimeSpan
from memory.timeline.meanings import Match, Meaning, yearless

_SEPARATOR = re.compile(r"[-./]\s?")
_SLASHED = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})(?:\2(?:\d{4}|\d{2}))?(?![\d/])")
_MONTHS, _DAYS = 12, 31
_LEAP_YEAR = 2024

DayAndMonth = tuple[int, int]


def is_month_first(text: str) -> bool | None:
    """Say by a text's own dates whether its months stand before its days; None where none tells."""
    told = {
        first <= _MONTHS
        for match in _SLASHED.finditer(text)
        for first, second in [(int(match[1]), int(match[3]))]
        if (first > _MONTHS) != (second > _MONTHS) and max(first, second) <= _DAYS
    }
    return told.pop() if len(told) == 1 else None


def read_digits(match: Match) -> Meaning:
    """Read "2024-05-03", "3.5.2024", "17/04/93", "05/2027", and "3/5/2024", which may be a day of March or of May."""
    text = match.groups["digits"].text
    numbers = [int(each) for each in _SEPARATOR.split(text)]
    if numbers[0] > _DAYS:
        return _meaning({_in(numbers[0], (numbers[2], numbers[1]))}, match)
    if len(numbers) < len(("day", "month", "year")):
        return Meaning((calendar.month(numbers[1], numbers[0]),), relative=False)
    year = calendar.full_year(numbers[2], match.now)
    return _meaning({_in(year, each) for each in _orders(numbers[0], numbers[1], text, match)}, match)


def read_day_and_month(match: Match) -> Meaning | None:
    """Read "3.5." and "on 3/5": the last one or the next."""
    text = match.groups["digits"].text
    first, second = _day_and_month(text)
    orders = _orders(first, second, text, match)
    if len(orders) == 1:
        return yearless(_day(orders[0]), match.now)
    spans = [span for each in orders for span in yearless(_day(each), match.now).spans]
    return Meaning(tuple(_on_weekday(spans, match))) if spans else None


def read_padded_day(match: Match) -> Meaning | None:
    """Read "03/05" without a word before it; None for "3/5", which may be a share."""
    text = match.groups["digits"].text
    is_padded = len(text) == len("03/05") and "0" in (text[0], text[3])
    return read_day_and_month(match) if is_padded else None


def read_range(match: Match) -> Meaning | None:
    """Read "31.12. – 14.1." and "3.–5.6.", whose first day is of the month of the last."""
    last_text = match.groups["last"].text
    first_token = match.groups["digits"]
    last = _day_and_month(last_text)
    first = _day_and_month(first_token.text) if first_token.value is None else None
    ends = _orders(*last, last_text, match)
    starts = _orders(*first, first_token.text, match) if first else [(match.number("digits"), ends[0][1])]
    if len(starts) != 1 or len(ends) != 1:  # what is a day in one of them tells of the other
        starts, ends = [each[:1] for each in (_told(first or last, last), _told(last, first or last))]
    if not starts or not ends:
        return None
    start, end = starts[0], ends[0]

    def of(year: int) -> TimeSpan:
        until = _in_or_raise(year, end)
        begun = _in_or_raise(year, start)
        if begun.start >= until.start:
            begun = _in_or_raise(year - 1, start)
        return calendar.days(begun.start, until.start + DAY)

    return yearless(of, match.now)


def _told(pair: DayAndMonth, other: DayAndMonth) -> list[DayAndMonth]:
    """Return a pair as day and month, in the order that the other leaves open as well."""
    orders = [(0, 1), (1, 0)]
    return [
        (pair[day], pair[month])
        for day, month in orders
        if _exists((pair[day], pair[month])) and _exists((other[day], other[month]))
    ]


def _orders(first: int, second: int, text: str, match: Match) -> list[DayAndMonth]:
    """Return what two numbers may be as day and month; dots stand behind a day alone."""
    is_dotted = "." in text
    day_first, month_first = (first, second), (second, first)
    if is_dotted or match.month_first is False:
        orders = [day_first]
    else:
        orders = [month_first] if match.month_first else [day_first, month_first]
    existing = [each for each in dict.fromkeys(orders) if _exists(each)]
    return existing or [each for each in (month_first,) if not is_dotted and _exists(each)]


def _exists(each: DayAndMonth) -> bool:
    return _in(_LEAP_YEAR, each) is not None


def _day_and_month(text: str) -> DayAndMonth:
    first, second = (int(each) for each in _SEPARATOR.split(text.rstrip(".")))
    return first, second


def _meaning(spans: Iterable[TimeSpan | None], match: Match) -> Meaning:
    known = sorted((span for span in spans if span is not None), key=lambda span: span.start)
    return Meaning(tuple(_on_weekday(known, match)), relative=False)


def _on_weekday(spans: Sequence[TimeSpan], match: Match) -> Sequence[TimeSpan]:
    """Return the spans that begin on the weekday that stands before a date; all where it stands before none."""
    if "weekday" not in match.groups:
        return spans
    return [span for span in spans if span.start.weekday() == match.number("weekday")] or spans


def _day(each: DayAndMonth) -> InYear:
    return lambda year: _in_or_raise(year, each)


def _in(year: int, each: DayAndMonth) -> TimeSpan | None:
    try:
        return _in_or_raise(year, each)
    except (ValueError, OverflowError):
        return None


def _in_or_raise(year: int, each: DayAndMonth) -> TimeSpan:
    return calendar.date_span(year, each[1], each[0])
