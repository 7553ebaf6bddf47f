"""The zone that a person's clock times are in."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as clock_time
from zoneinfo import ZoneInfo

LOCAL = "local"


class LocalZone(tzinfo):
    """The machine's own zone over the whole of history.

    `datetime.astimezone()` would freeze one offset; this asks the platform for the one that held at the time,
    so that a message from last winter is shown in winter time.
    """

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Return the offset that held on this machine at `moment`, a local clock time."""
        return timedelta(seconds=self._local(moment).tm_gmtoff)

    def dst(self, moment: datetime | None) -> timedelta:
        """Return an hour in summer time, else nothing."""
        return timedelta(hours=1) if self._local(moment).tm_isdst > 0 else timedelta()

    def tzname(self, moment: datetime | None) -> str:
        """Return the platform's abbreviation, such as "CET"."""
        return self._local(moment).tm_zone

    def fromutc(self, moment: datetime) -> datetime:
        """Return the local clock time of a moment that is given in UTC."""
        stamp = moment.replace(tzinfo=UTC).timestamp()
        # Without a zone the platform's is taken, and an hour that comes twice in autumn is told apart by its fold.
        return datetime.fromtimestamp(stamp).replace(tzinfo=self)  # noqa: DTZ006 (local time is what is asked for)

    @staticmethod
    def _local(moment: datetime | None) -> time.struct_time:
        return time.localtime(None if moment is None else moment.replace(tzinfo=None).timestamp())


def zone_of(name: str) -> tzinfo:
    """Return the zone called `name`, such as "Europe/Lisbon", or the machine's own for "local".

    Raises ValueError when there is no such zone.
    """
    if name == LOCAL:
        return LocalZone()
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # ZoneInfo raises KeyError, or OSError for a folder's name
        raise ValueError(f'no time zone is called "{name}"; use a name such as "Europe/Lisbon", or "local"') from error


def moment_at(day: date, at: clock_time, zone: tzinfo) -> datetime:
    """Return the moment, in UTC, when the clocks of a zone show this time of a day.

    Of two, in autumn, it is the first; a time that is skipped in spring is moved on by what is skipped.
    """
    shown = datetime.combine(day, at)
    either = [shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = [moment for moment in either if moment.astimezone(zone).replace(tzinfo=None, fold=0) == shown]
    return min(real) if real else max(either)
