"""Event times as exports write them: always an aware datetime with the offset that held there and then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache

FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Times outside of these years are mistakes."""
_WIDEST = 14 * 60
_STEP = 15


@cache
def make_zone(minutes: int) -> timezone:
    """Return the zone that is so many minutes ahead of UTC."""
    return UTC if minutes == 0 else timezone(timedelta(minutes=minutes))


def at_offset(seconds: float, minutes: int = 0) -> datetime | None:
    """Return a time from seconds since 1970 UTC, shown at an offset; None when it is impossible."""
    try:
        moment = datetime.fromtimestamp(seconds, make_zone(minutes))
    except (OverflowError, ValueError, OSError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def in_zone(seconds: float, zone: tzinfo) -> datetime | None:
    """Return a time from seconds since 1970 UTC, at the offset that held then in `zone`; None when impossible."""
    moment = at_offset(seconds)
    return None if moment is None else _fix_offset(moment.astimezone(zone))


def from_iso(text: str, zone: tzinfo) -> datetime | None:
    """Return a time from ISO 8601; one without an offset is a clock time in `zone`. None when it is impossible."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return _fix_offset(moment) if FIRST_YEAR <= moment.year <= LAST_YEAR else None
    except (OverflowError, ValueError, OSError):
        return None


def from_both(local: str, seconds: float) -> datetime | None:
    """Return a time that is given twice, as a local clock time and in seconds: together they tell the offset."""
    try:
        clock = datetime.fromisoformat(local).replace(tzinfo=UTC)
        minutes, odd = divmod(round(clock.timestamp() - seconds), 60)
    except (OverflowError, ValueError):
        return at_offset(seconds)
    plausible = not odd and abs(minutes) <= _WIDEST and minutes % _STEP == 0
    return at_offset(seconds, minutes if plausible else 0)


def _fix_offset(moment: datetime) -> datetime:
    """Return the same moment in a zone of one offset."""
    offset = moment.utcoffset() or timedelta()
    return moment.astimezone(make_zone(round(offset.total_seconds() / 60)))
