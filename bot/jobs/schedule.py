"""When a job is due again: after some time, after some days at the same clock time, or as a cron expression says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from cronsim import CronSim, CronSimError

from bot.configuration.timezones import moment_at
from bot.errors import PluginError

_SHORTEST = timedelta(seconds=1)
_INTERVAL = re.compile(r"every (\d+(?:\.\d+)?) seconds\Z")
_DAYS = re.compile(r"every (\d+) days at (\d\d:\d\d:\d\d)\Z")


@dataclass(frozen=True, slots=True)
class Interval:
    """Some time after it was due before, whatever the clocks show."""

    length: timedelta

    def __str__(self) -> str:
        return f"every {self.length.total_seconds():.15g} seconds"

    def following(self, due: datetime, now: datetime, zone: tzinfo) -> datetime:  # noqa: ARG002 (the others need it)
        """Return the first time after `now` that is some steps from `due`."""
        return due.astimezone(UTC) + max((now - due) // self.length + 1, 1) * self.length


@dataclass(frozen=True, slots=True)
class Days:
    """Every so many days at the same time of day: an hour more or less apart when the clocks change."""

    days: int
    at: time

    def __str__(self) -> str:
        return f"every {self.days} days at {self.at:%H:%M:%S}"

    def following(self, due: datetime, now: datetime, zone: tzinfo) -> datetime:
        """Return the first time after `now` that is some steps from the day of `due`, by the clocks of a zone."""
        day = due.astimezone(zone).date()
        steps = max((now.astimezone(zone).date() - day).days // self.days, 1)
        found = self._on(day + timedelta(days=steps * self.days), zone)
        return found if found > now else self._on(day + timedelta(days=(steps + 1) * self.days), zone)

    def _on(self, day: date, zone: tzinfo) -> datetime:
        return moment_at(day, self.at, zone)


@dataclass(frozen=True, slots=True)
class Cron:
    """As a cron expression says, by the clocks of a zone. What falls into an hour that they skip is due after it."""

    expression: str

    def __str__(self) -> str:
        return self.expression

    def following(self, due: datetime, now: datetime, zone: tzinfo) -> datetime:  # noqa: ARG002 (the others need it)
        """Return the first time after `now`."""
        return next(CronSim(self.expression, now.astimezone(zone))).astimezone(UTC)


Schedule = Interval | Days | Cron


@dataclass(frozen=True, slots=True)
class JobMethod:
    """A plugin's method that is called when a job is due; by its `schedule`, or when it was planned for somebody.

    By its `name` the job is found again after a restart. `zone` names the zone of the schedule's clocks; None takes the
    one that the settings name.
    """

    name: str
    handler: Callable[..., Awaitable[Any]]
    schedule: Schedule | None = None
    zone: str | None = None
    plugin: str = ""


def interval(length: timedelta) -> Interval:
    """Return the schedule that steps by `length`. Raises PluginError for less than a second."""
    if length < _SHORTEST:
        raise PluginError(f"a job can't be repeated every {length}: a second is the least")
    return Interval(length)


def cron_schedule(expression: str) -> Cron:
    """Return the schedule of a cron expression: minute, hour, day of month, month, day of week.

    Raises PluginError when it is none, or never fits.
    """
    try:
        next(CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise PluginError(
            f'"{expression}" is not a cron expression: {error}; write one such as "0 9 * * MON"'
        ) from error
    except StopIteration:
        raise PluginError(f'"{expression}" never comes') from None
    return Cron(expression)


def schedule_of(repeats: str | timedelta, first: datetime, zone: tzinfo) -> Schedule:
    """Return the schedule of a job that is first due at `first`.

    `repeats` is a cron expression or a time; whole days are days at the same clock time. Raises PluginError.
    """
    if isinstance(repeats, str):
        return cron_schedule(repeats)
    if repeats > timedelta() and repeats % timedelta(days=1) == timedelta():
        return Days(repeats.days, first.astimezone(zone).time().replace(microsecond=0))
    return interval(repeats)


def parse_schedule(text: str) -> Schedule:
    """Read what `str(schedule)` wrote."""
    if match := _INTERVAL.match(text):
        return Interval(timedelta(seconds=float(match[1])))
    if match := _DAYS.match(text):
        return Days(int(match[1]), time.fromisoformat(match[2]))
    return cron_schedule(text)
