"""Times as they are stored and compared: microseconds since 1970 UTC, and the offset of who said it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = (end.replace(tzinfo=UTC) - _EPOCH for end in (datetime.min, datetime.max))  # noqa: DTZ901 (it gets one)
_DAY = 24 * 3600


def micros(moment: datetime) -> int:
    """Return microseconds since 1970 UTC. Raises ValueError for a time without a zone, or outside years 1 to 9999."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; give one, or nobody can tell when that was")
    since = moment - _EPOCH
    if not _EARLIEST <= since <= _LATEST:
        raise ValueError(f"{moment.isoformat()} is out of range: no calendar has it in UTC")
    return (since.days * _DAY + since.seconds) * 1_000_000 + since.microseconds


def offset_minutes(moment: datetime) -> int:
    """Return the moment's offset from UTC in whole minutes."""
    offset = moment.utcoffset()
    return 0 if offset is None else (offset.days * _DAY + offset.seconds) // 60


def moment(microseconds: int, offset: int = 0) -> datetime:
    """Return the aware datetime of a stored time, in the zone it was said in."""
    zone = UTC if offset == 0 else timezone(timedelta(minutes=offset))
    return (_EPOCH + timedelta(microseconds=microseconds)).astimezone(zone)
