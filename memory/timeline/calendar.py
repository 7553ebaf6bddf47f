"""Calendar arithmetic for named times: days, weeks, months, seasons and feasts as spans of wall-clock time.

Everything here is naive local time. `TimeSpan.window` puts it into a zone at the very end, so that a day is 23 or 25
hours long where the clocks change. A date that does not exist raises ValueError or OverflowError, as `datetime` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from memory.records import TimeWindow

Unit = Literal["minute", "hour", "day", "week", "month", "year"]
PartOfDay = Literal["morning", "noon", "afternoon", "evening", "night"]
Season = Literal["spring", "summer", "autumn", "winter"]

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

EARLIEST = datetime(1900, 1, 1)  # noqa: DTZ001 - naive local time, as everything here
LATEST = datetime(9000, 1, 1)  # noqa: DTZ001 - as above
_AHEAD = 20
"""Years from now up to which two digits are a year to come: "expires 12/33"; later ones lie in the century before."""
DAY = timedelta(days=1)

_PARTS: dict[PartOfDay, tuple[int, int]] = {
    "morning": (4, 12),
    "noon": (11, 14),
    "afternoon": (12, 18),
    "evening": (17, 24),
    "night": (18, 30),
}
"""From which hour to which; a night ends at six on the next day."""

_SEASONS: dict[Season, int] = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
"""The first month, as meteorologists count in the northern hemisphere; three months each."""

_EXACT: dict[Unit, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": DAY,
    "week": timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A half-open span of local time and what a person would call it, in English."""

    start: datetime
    end: datetime
    label: str

    def window(self, zone: tzinfo, words: str) -> TimeWindow | None:
        """Return the span in a zone; None if nothing is left of it there, as of a day that a zone skipped."""
        start, end = self.start.replace(tzinfo=zone), self.end.replace(tzinfo=zone)
        try:
            passes = start.astimezone(UTC) < end.astimezone(UTC)
        except OverflowError:
            return None
        return TimeWindow(start, end, words) if passes else None


InYear = Callable[[int], TimeSpan]
"""What a part of the year (a month, a season, a feast, a day of a month) is in the year given."""


def midnight(moment: datetime) -> datetime:
    """Return the start of the moment's day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def day_label(moment: datetime) -> str:
    """Return a day as in "3 May 2024", whatever the machine's locale."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def day(start: datetime) -> TimeSpan:
    """Return the day that the moment is in."""
    start = midnight(start)
    return TimeSpan(start, start + DAY, day_label(start))


def days(start: datetime, end: datetime) -> TimeSpan:
    """Return the days from `start`'s up to, not with, `end`'s."""
    return TimeSpan(start, end, f"{day_label(start)} to {day_label(end - DAY)}")


def week(moment: datetime) -> TimeSpan:
    """Return the week that the moment is in, Monday to Sunday (ISO 8601)."""
    start = midnight(moment) - moment.weekday() * DAY
    return days(start, start + 7 * DAY)


def weekend(moment: datetime) -> TimeSpan:
    """Return Saturday and Sunday of the moment's week."""
    monday = week(moment).start
    return days(monday + 5 * DAY, monday + 7 * DAY)


def month(year: int, number: int) -> TimeSpan:
    """Return a month, by its number from 1 to 12."""
    start = datetime(year, number, 1)  # noqa: DTZ001 - naive local time, as everything here
    return TimeSpan(start, shift_months(start, 1), f"{MONTHS[number - 1]} {year}")


def full_year(written: int, now: datetime) -> int:
    """Return a year as it is written out: 1993 for 93, and 2033 for 33 from 2013 on."""
    if written > 99:
        return written
    century = now.year // 100 * 100
    return century + written if century + written <= now.year + _AHEAD else century - 100 + written


def year_span(year: int) -> TimeSpan:
    """Return a calendar year."""
    start = datetime(year, 1, 1)  # noqa: DTZ001 - naive local time, as everything here
    return TimeSpan(start, shift_months(start, 12), str(year))


def date_span(year: int, number: int, first: int, last: int | None = None) -> TimeSpan:
    """Return a day of a month, or the days from `first` to `last`."""
    start = datetime(year, number, first)  # noqa: DTZ001 - naive local time, as everything here
    if last is None:
        return day(start)
    if last <= first:
        raise ValueError(f"the {last}. is not after the {first}.")
    return days(start, start.replace(day=last) + DAY)


def season(year: int, name: Season) -> TimeSpan:
    """Return a season, by the year that it begins in: winter 2023 ends in February 2024."""
    start = datetime(year, _SEASONS[name], 1)  # noqa: DTZ001 - naive local time, as everything here
    label = f"winter {year}/{(year + 1) % 100:02}" if name == "winter" else f"{name} {year}"
    return TimeSpan(start, shift_months(start, 3), label)


def part_of_day(of: TimeSpan, name: PartOfDay) -> TimeSpan:
    """Return the morning, evening, ... of the day that a span begins with."""
    first, last = (timedelta(hours=hour) for hour in _PARTS[name])
    start = midnight(of.start)
    return TimeSpan(start + first, start + last, f"{name} of {day_label(start)}")


def shift_months(moment: datetime, by: int) -> datetime:
    """Return the moment `by` months later, on the month's last day where the day does not exist."""
    at = moment.year * 12 + moment.month - 1 + by
    first = moment.replace(year=at // 12, month=at % 12 + 1, day=1)
    longest = (first.replace(day=28) + 4 * DAY).replace(day=1) - DAY
    return first.replace(day=min(moment.day, longest.day))


def shift(moment: datetime, by: int, unit: Unit) -> datetime:
    """Return the moment `by` units later by the clock on the wall."""
    if unit in _EXACT:
        return moment + by * _EXACT[unit]
    return shift_months(moment, by * 12 if unit == "year" else by)


def around(moment: datetime, unit: Unit) -> TimeSpan:
    """Return one unit's length with the moment in the middle: people round when they say "two weeks ago"."""
    if unit == "day":
        return day(moment)
    if unit == "week":
        return TimeSpan(midnight(moment) - 3 * DAY, midnight(moment) + 4 * DAY, f"around {day_label(moment)}")
    if unit == "month":
        return TimeSpan(midnight(moment) - 15 * DAY, midnight(moment) + 16 * DAY, f"around {day_label(moment)}")
    if unit == "year":
        start = shift_months(midnight(moment), -6)
        return TimeSpan(start, shift_months(start, 12), f"around {MONTHS[moment.month - 1]} {moment.year}")
    half = _EXACT[unit] / 2
    return TimeSpan(moment - half, moment + half, f"{day_label(moment)}, about {moment:%H:%M}")


def calendar_unit(moment: datetime, unit: Unit) -> TimeSpan:
    """Return the week, month, year or day that the moment is in."""
    if unit == "week":
        return week(moment)
    if unit == "month":
        return month(moment.year, moment.month)
    return year_span(moment.year) if unit == "year" else day(moment)


def easter_sunday(year: int) -> datetime:
    """Return Easter of the Western churches (the "anonymous" Gregorian computus, Nature, 20 April 1876)."""
    century, rest = divmod(year, 100)
    leap, odd = divmod(century, 4)
    epact = (19 * (year % 19) + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * odd + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    number, before = divmod(epact + weekday - 7 * late + 114, 31)
    return datetime(year, number, before + 1)  # noqa: DTZ001 - naive local time, as everything here


def feast(year: int, name: str) -> TimeSpan:
    """Return a feast by its English name in lower case; Christmas and Easter with the days around them."""
    if name == "easter":
        sunday = easter_sunday(year)
        return _name_span(sunday - 2 * DAY, sunday + 2 * DAY, f"Easter {year}")
    if name == "thanksgiving":
        first = datetime(year, 11, 1)  # noqa: DTZ001 - naive local time, as everything here
        thursday = first + ((3 - first.weekday()) % 7 + 21) * DAY
        return _name_span(thursday, thursday + DAY, f"Thanksgiving {year}")
    number, first_day, length, label = _FEASTS[name]
    start = datetime(year, number, first_day)  # noqa: DTZ001 - naive local time, as everything here
    return _name_span(start, start + length * DAY, f"{label} {year}")


_FEASTS = {
    "christmas": (12, 24, 3, "Christmas"),
    "christmas eve": (12, 24, 1, "Christmas Eve"),
    "christmas day": (12, 25, 1, "Christmas Day"),
    "boxing day": (12, 26, 1, "Boxing Day"),
    "new year's eve": (12, 31, 1, "New Year's Eve"),
    "new year": (1, 1, 1, "New Year"),
    "halloween": (10, 31, 1, "Halloween"),
    "valentine's day": (2, 14, 1, "Valentine's Day"),
}
"""Month, first day, length in days and name; Thanksgiving and Easter move."""


def _name_span(start: datetime, end: datetime, name: str) -> TimeSpan:
    """Return a span whose label says its dates too, since not every reader knows them."""
    if end - start == DAY:
        return TimeSpan(start, end, f"{name} ({day_label(start)})")
    return TimeSpan(start, end, f"{name} ({days(start, end).label})")
