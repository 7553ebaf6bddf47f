"""Days of the year, without a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = re.compile(r"(?:(\d{1,2})\.?\s+([a-z]{3})[a-z]*|([a-z]{3})[a-z]*\s+(\d{1,2}))\.?", re.IGNORECASE)
_NUMBERS = re.compile(r"(?:\d{4}-?|--)?(\d{2})-?(\d{2})(?:T.*)?")
_LEAP_YEAR = 2024


@dataclass(frozen=True, order=True)
class Day:
    """A day that comes every year. The 29th of February is kept on the 28th where there is none."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.day} {date(_LEAP_YEAR, self.month, 1):%B}"

    def after(self, moment: datetime, hour: int, zone: tzinfo) -> datetime:
        """Return the next time that it is this day, at this hour."""
        today = moment.astimezone(zone)
        coming = (datetime.combine(self.in_year(today.year + more), time(hour), zone) for more in (0, 1))
        return next(each for each in coming if each > today)

    def in_year(self, year: int) -> date:
        """Return it in a year."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, 2, 28)

    @property
    def cron(self) -> str:
        """The day and the month of a cron expression."""
        return "28 2" if (self.month, self.day) == (2, 29) else f"{self.day} {self.month}"


def read_day(text: str) -> Day | None:
    """Read "3 May", "May 3", "05-03", "1990-05-03" and what vCards have; None for anything else."""
    text = text.strip()
    if match := _WORDS.fullmatch(text):
        name, day = (match[2] or match[3]).casefold(), int(match[1] or match[4])
        month = _MONTHS.index(name) + 1 if name in _MONTHS else 0
    elif match := _NUMBERS.fullmatch(text):
        month, day = int(match[1]), int(match[2])
    else:
        return None
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        return None
    return Day(month, day)
