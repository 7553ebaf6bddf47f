"""Planning jobs for the person and the conversation that a handler works for."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from bot.access.sources import HandlerSources
from bot.configuration.timezones import LOCAL, zone_of
from bot.errors import FORGOTTEN_MEANWHILE, NOT_KEPT, CommandError, PluginError
from bot.events import Conversation, Person, from_json, to_json
from bot.jobs.schedule import schedule_of
from memory.engine import JobStore
from memory.errors import SourceForgotten, ValueRefused
from memory.plugin_records import StoredJob


@dataclass(frozen=True, slots=True)
class JobPlanning:
    """Where jobs are planned: in the database, by a clock, in a zone. `planned` is set when something was.

    `methods` returns the names of the methods of a plugin that can be planned.
    """

    jobs: JobStore
    methods: Callable[[str], Collection[str]]
    zone: tzinfo
    now: Callable[[], datetime]
    planned: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class JobPlace:
    """Who planned a job, and where what it says goes."""

    conversation: Conversation
    person: Person


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A call that is planned: of which method, when, with what, how it repeats, who planned it, and where."""

    id: int
    name: str
    when: datetime
    payload: JsonValue
    repeats: str | None
    zone: str | None
    person: Person
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class JobOrder:
    """A call that is to be planned: of the method with this name, when, with what, from what, and how it repeats."""

    method: str
    when: datetime | timedelta
    payload: JsonValue
    repeats: str | timedelta | None
    zone: str | None
    drawn_from: tuple[int, ...] = ()


class PlansJobs(ABC):
    """What can plan jobs: the planner, and the contexts that have one."""

    __slots__ = ()

    async def later(
        self,
        method: Callable[..., object],
        when: datetime | timedelta,
        payload: JsonValue = None,
        *,
        repeats: str | timedelta | None = None,
        zone: str | None = None,
        drawn_from: Iterable[int] = (),
    ) -> PlannedJob:
        """Have a method that is marked with `@job` called then, for the same person and conversation.

        It is forgotten with the message that is being handled, and with any of the passages in `drawn_from`: name those
        whose words are in the payload.

        `repeats` is a cron expression or a time, by the clocks of `zone`, which is the settings' when None. What is
        planned is committed when this returns. It survives a restart, and what falls due meanwhile is made up for;
        `jobs` lists and cancels it. Raises CommandError where nothing may be kept, and PluginError for a time without
        a zone, a method that is not marked, a payload that can't be written as JSON or is too large, and a repetition
        that can't be read.
        """
        name: str = getattr(method, "__name__", repr(method))
        return await self._planner().plan(JobOrder(name, when, payload, repeats, zone, tuple(drawn_from)))

    @abstractmethod
    def _planner(self) -> Planner:
        """Return what plans in the name of whoever this acts for."""


class Planner(PlansJobs):
    """Plans a plugin's jobs in the name of a message's sender. What is planned is forgotten with the message.

    In a group it lists and cancels what was planned there, in a direct chat what its person has planned anywhere.
    """

    def __init__(
        self,
        planning: JobPlanning,
        plugin: str,
        place: JobPlace,
        *,
        conversation_id: int,
        people: tuple[int, ...],
        keeps: bool,
        sources: HandlerSources | None = None,
    ) -> None:
        self._planning = planning
        self._plugin = plugin
        self._place = place
        self._conversation_id = conversation_id
        self._people = people
        self._keeps = keeps
        self._sources = sources or HandlerSources()

    @property
    def zone(self) -> str:
        """The name of the zone whose clocks jobs go by, unless they name another; "local" is the machine's."""
        return name_of_zone(self._planning.zone)

    async def plan(self, order: JobOrder) -> PlannedJob:
        """Plan a call, as `later` does for a method."""
        if not self._keeps:
            raise CommandError(NOT_KEPT)
        due, clock = self._due_moment(order.when), self._zone(order.zone)
        job = StoredJob(
            plugin=self._plugin,
            name=self._check_name(order.method),
            due_at=due,
            payload=self._write_payload(order.payload),
            conversation_id=self._conversation_id,
            person_id=self._people[0],
            place=to_json(self._place),
            repeats=None if order.repeats is None else str(schedule_of(order.repeats, due, clock)),
            zone=name_of_zone(clock),
            drawn_from=tuple(sorted(self._sources.told.union(order.drawn_from))),
        )
        try:
            planned = await self._planning.jobs.plan(job)
        except SourceForgotten as error:
            raise CommandError(FORGOTTEN_MEANWHILE) from error
        except ValueRefused as error:
            raise PluginError(f"{self._plugin} can't plan {job.name}: {error}") from error
        self._planning.planned.set()
        return _read_job(planned)

    async def list_planned(self) -> list[PlannedJob]:
        """Return what is planned, the earliest first."""
        if self._place.conversation.kind == "direct":
            found = await self._planning.jobs.select(self._plugin, people=self._people)
        else:
            found = await self._planning.jobs.select(self._plugin, conversation_id=self._conversation_id)
        self._sources.read.update(passage_id for job in found for passage_id in job.drawn_from)
        return [_read_job(job) for job in found]

    async def cancel(self, job_id: int) -> bool:
        """Cancel a job of those that are planned here; False when it is none of them."""
        if all(job.id != job_id for job in await self.list_planned()):
            return False
        return await self._planning.jobs.cancel(job_id)

    def _planner(self) -> Planner:
        return self

    def _due_moment(self, when: datetime | timedelta) -> datetime:
        if isinstance(when, timedelta):
            return self._planning.now() + when
        if when.tzinfo is None:
            raise PluginError(f"{self._plugin} can't plan anything for {when}: a time needs its zone")
        return when.astimezone(UTC)

    def _zone(self, zone: str | None) -> tzinfo:
        if zone is None:
            return self._planning.zone
        try:
            return zone_of(zone)
        except ValueError as error:
            raise PluginError(f"{self._plugin} can't plan: {error}") from error

    def _check_name(self, method: str) -> str:
        if method not in self._planning.methods(self._plugin):
            raise PluginError(f"{self._plugin} can't plan {method}: it must be marked with @job")
        return method

    def _write_payload(self, payload: JsonValue) -> str:
        try:
            return json.dumps(payload, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise PluginError(f"{self._plugin} can't plan: the payload can't be written as JSON: {error}") from error


def name_of_zone(zone: tzinfo) -> str:
    """Return the name that `zone_of` reads."""
    return zone.key if isinstance(zone, ZoneInfo) else LOCAL


def _read_job(job: StoredJob) -> PlannedJob:
    place = from_json(JobPlace, job.place or "")
    return PlannedJob(
        id=job.id,
        name=job.name,
        when=job.due_at.astimezone(zone_of(job.zone or LOCAL)),
        payload=json.loads(job.payload),
        repeats=job.repeats,
        zone=job.zone,
        person=place.person,
        conversation=place.conversation,
    )
