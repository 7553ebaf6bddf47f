"""The decorators by which a plugin has methods called at a time instead of on a message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from bot.configuration.timezones import zone_of
from bot.errors import PluginError
from bot.jobs.schedule import JobMethod, Schedule, cron_schedule, interval
from bot.plugin import Answerable, add_mark

JobHandler = Callable[..., Awaitable[Answerable]]
"""A coroutine that is given a JobContext, and returns what to say where the job was planned."""

J = TypeVar("J", bound=JobHandler)


def job(method: J) -> J:
    """Let `async def method(self, context: JobContext)` be planned for a conversation, with `context.later`."""
    return add_mark(method, JobMethod(_name(method), method))


def every(*, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> Callable[[J], J]:
    """Call `async def method(self, context: JobContext)` again and again, this long after the time before.

    What was missed while the bot was down is made up for once. Raises PluginError for less than a second.
    """
    return _mark_with(interval(timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)))


def cron(expression: str, *, zone: str | None = None) -> Callable[[J], J]:
    """Call `async def method(self, context: JobContext)` as a cron expression says, such as "0 9 * * MON-FRI".

    `zone` names the zone of its clocks, such as "Europe/Lisbon"; without one it is that of the settings. Raises
    PluginError for what is not a cron expression, or not a zone.
    """
    if zone is not None:
        try:
            zone_of(zone)
        except ValueError as error:
            raise PluginError(str(error)) from error
    return _mark_with(cron_schedule(expression), zone)


def _mark_with(schedule: Schedule, zone: str | None = None) -> Callable[[J], J]:
    def mark(method: J) -> J:
        return add_mark(method, JobMethod(_name(method), method, schedule, zone))

    return mark


def _name(method: JobHandler) -> str:
    name: str = getattr(method, "__name__", "")
    return name
