"""The times of a calendar as a person reads them: "Friday, 3 May 2024, 14:00 to 15:30 (Europe/Lisbon)"."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Moment = date | datetime
"""A day of its own, or a time."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class CalendarClock:
    """Tells times in the zone of their calendar: those that are given in UTC, where the calendar says its zone."""

    def __init__(self, zone: str) -> None:
        self._zone = _zone_of(zone)

    def local(self, moment: Moment) -> Moment:
        """Return a time as the calendar shows it."""
        in_utc = isinstance(moment, datetime) and moment.tzinfo is not None and moment.tzname() == "UTC"
        return moment.astimezone(self._zone) if isinstance(moment, datetime) and in_utc and self._zone else moment

    def span(self, start: Moment, end: Moment | None) -> str:
        """Return from when to when something lasts; the end of whole days is the day after the last one."""
        start, end = self.local(start), self.local(end) if end is not None else None
        if not isinstance(start, datetime):
            last = _last_day(start, end)
            return day_of(start) if last == start else f"{day_of(start)} to {day_of(last)}"
        told = f"{day_of(start)}, {start:%H:%M}"
        if isinstance(end, datetime) and end.replace(tzinfo=None) > start.replace(tzinfo=None):
            same = end.date() == start.date()
            told += f" to {end:%H:%M}" if same else f" to {day_of(end)}, {end:%H:%M}"
        return told + _zone_name(start)

    def moment(self, moment: Moment) -> str:
        """Return one time."""
        return self.span(moment, None)


def sort_key(moment: Moment | None) -> tuple[int, str]:
    """Return by what times are put into order, those of unknown time last."""
    return (1, "") if moment is None else (0, moment.isoformat()[:19])


def short_day(moment: Moment) -> str:
    """Return "3 May 2024"."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def day_of(moment: Moment) -> str:
    """Return "Friday, 3 May 2024"."""
    return f"{_WEEKDAYS[moment.weekday()]}, {short_day(moment)}"


def _last_day(start: date, end: Moment | None) -> date:
    if end is None or isinstance(end, datetime) or end <= start:
        return start
    return end - timedelta(days=1)


def _zone_name(moment: datetime) -> str:
    zone = moment.tzinfo
    if zone is None:
        return ""
    return f" ({getattr(zone, 'key', None) or ('UTC' if moment.utcoffset() == timedelta() else moment.tzname())})"


def _zone_of(name: str) -> tzinfo | None:
    if not name or name.upper() in ("UTC", "GMT"):
        return UTC if name else None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
