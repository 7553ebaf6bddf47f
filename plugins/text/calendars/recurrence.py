"""What a recurrence rule says, in words: "every 2 weeks on Monday and Friday, 10 times" (RFC 5545, 3.3.10)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from plugins.text.calendars.when import MONTHS, CalendarClock, short_day

_UNITS: Final = {
    "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year", "HOURLY": "hour", "MINUTELY": "minute",
    "SECONDLY": "second",
}  # fmt: skip
_DAYS: Final = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
    "SU": "Sunday",
}  # fmt: skip
_WORKDAYS: Final = frozenset({"MO", "TU", "WE", "TH", "FR"})
_PLACES: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second to last"}
_BY_DAY: Final = re.compile(r"([+-]?\d{1,2})?([A-Z]{2})")
_MOST_DAYS: Final = 31


def describe_rule(rule: Mapping[str, object], clock: CalendarClock) -> str:
    """Return a rule in words; "" for one without a known frequency."""
    unit = _UNITS.get(_first(rule, "FREQ").upper())
    if unit is None:
        return ""
    every = _number(rule, "INTERVAL") or 1
    told = f"every {unit}" if every == 1 else f"every {every} {unit}s"
    if days := _by_day(rule):
        told += f" on {days}"
    if days := _month_days(rule):
        told += f" on day {days}"
    if months := [MONTHS[number - 1] for number in _numbers(rule, "BYMONTH") if 1 <= number <= len(MONTHS)]:
        told += f" in {join(months)}"
    if count := _number(rule, "COUNT"):
        told += ", once" if count == 1 else f", {count} times"
    until = _values(rule, "UNTIL")
    if until and isinstance(until[0], date | datetime):
        told += f", until {short_day(clock.local(until[0]))}"
    return told


def join(words: Sequence[str]) -> str:
    """Return words as a list: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _by_day(rule: Mapping[str, object]) -> str:
    found = [each for text in _values(rule, "BYDAY") if (each := _BY_DAY.fullmatch(str(text).upper()))]
    places = [number for number in _numbers(rule, "BYSETPOS") if number in _PLACES]
    if {each[2] for each in found} == _WORKDAYS and not any(each[1] for each in found):
        return f"the {_PLACES[places[0]]} working day" if places else "working days"
    days = [_place(int(each[1])) + _DAYS[each[2]] if each[1] else _DAYS[each[2]] for each in found if each[2] in _DAYS]
    return f"the {_PLACES[places[0]]} {join(days)}" if places and days else join(days)


def _place(number: int) -> str:
    return f"the {_PLACES[number]} " if number in _PLACES else f"the {number}. "


def _month_days(rule: Mapping[str, object]) -> str:
    numbers = _numbers(rule, "BYMONTHDAY")[:_MOST_DAYS]
    return join(["the last" if number == -1 else str(number) for number in numbers])


def _values(rule: Mapping[str, object], name: str) -> list[object]:
    value = rule.get(name)
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _first(rule: Mapping[str, object], name: str) -> str:
    values = _values(rule, name)
    return str(values[0]) if values else ""


def _numbers(rule: Mapping[str, object], name: str) -> list[int]:
    found = (str(value) for value in _values(rule, name))
    return [int(text) for text in found if re.fullmatch(r"[+-]?\d{1,4}", text)]


def _number(rule: Mapping[str, object], name: str) -> int | None:
    numbers = _numbers(rule, name)
    return numbers[0] if numbers else None
