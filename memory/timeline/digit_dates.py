"""Dates in digits: "2024-05-03", "3.5.24", "31.12.–14.1.", "on 3/5", whose day and month may stand either way."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence

from memory.patterns import compile_on_use
from memory.timeline import calendar
from memory.timeline.calendar import InYear, TimeSpan
from memory.timeline.meanings import Match, Meaning, existing, yearless

_SEPARATOR = compile_on_use(r"[-./]\s?")
_SLASHED = compile_on_use(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})(?:\2(?:\d{4}|\d{2}))?(?![\d/])")
_MONTHS, _DAYS = 12, 31
_SEVERAL = 2

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
        return _dated([existing(_day((numbers[2], numbers[1])), numbers[0])], match)
    if len(numbers) < len(("day", "month", "year")):
        return Meaning((calendar.month(numbers[1], numbers[0]),), relative=False)
    year = calendar.full_year(numbers[2], match.now)
    pair = (numbers[0], numbers[1])
    return _dated([existing(_day(each), year) for each in dict.fromkeys(_orders(pair, text, match))], match)


def read_day_and_month(match: Match) -> Meaning | None:
    """Read "3.5." and "on 3/5": the last one or the next."""
    text = match.groups["digits"].text
    return _recurring([_day(each) for each in dict.fromkeys(_orders(_pair(text), text, match))], match)


def read_padded_day(match: Match) -> Meaning | None:
    """Read "03/05" without a word before it; None for "3/5", which may be a share."""
    text = match.groups["digits"].text
    is_padded = len(text) == len("03/05") and "0" in (text[0], text[3])
    return read_day_and_month(match) if is_padded else None


def read_range(match: Match) -> Meaning | None:
    """Read "31.12. – 14.1." and "3.–5.6.", whose first day is of the last one's month; both in the same order."""
    first, last = match.groups["digits"], match.groups["last"].text
    ends = _orders(_pair(last), last, match)
    starts = [(match.number("digits"), end[1]) for end in ends]
    if first.value is None:  # a day with its month, where a number has its value
        starts = _orders(_pair(first.text), last, match)
    return _recurring([_days(start, end) for start, end in zip(starts, ends, strict=True)], match)


def _orders(pair: DayAndMonth, text: str, match: Match) -> list[DayAndMonth]:
    """Return what two numbers of a text may be as day and month; dots stand behind a day alone."""
    turned = (pair[1], pair[0])
    if "." in text or match.month_first is False:
        return [pair]
    return [turned] if match.month_first else [pair, turned]


def _pair(text: str) -> DayAndMonth:
    first, second = (int(each) for each in _SEPARATOR.split(text.rstrip(".")))
    return first, second


def _day(each: DayAndMonth) -> InYear:
    return lambda year: calendar.date_span(year, each[1], each[0])


def _days(first: DayAndMonth, last: DayAndMonth) -> InYear:
    def of(year: int) -> TimeSpan:
        end = _day(last)(year)
        start = _day(first)(year)
        if start.start >= end.start:
            start = _day(first)(year - 1)
        return calendar.days(start.start, end.end)

    return of


def _dated(spans: Iterable[TimeSpan | None], match: Match) -> Meaning:
    known = sorted((span for span in spans if span is not None), key=lambda span: span.start)
    return Meaning(tuple(_on_weekday(known, match)), relative=False)


def _recurring(readings: Iterable[InYear], match: Match) -> Meaning | None:
    """Return what comes once a year, in each of its readings that there is; None where there is none."""
    known = []
    for reading in readings:
        with contextlib.suppress(ValueError):  # no such day
            known.append(yearless(reading, match.now))
    if len(known) < _SEVERAL:
        return known[0] if known else None
    return Meaning(tuple(_on_weekday([span for each in known for span in each.spans], match)))


def _on_weekday(spans: Sequence[TimeSpan], match: Match) -> Sequence[TimeSpan]:
    """Return the spans that begin on the weekday that stands before a date; all where it stands before none."""
    if "weekday" not in match.groups:
        return spans
    return [span for span in spans if span.start.weekday() == match.number("weekday")] or spans
