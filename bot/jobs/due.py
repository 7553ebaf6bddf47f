"""Does what is planned when it is due: once, whichever of the processes on one database gets to it first."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime
from weakref import WeakValueDictionary

from bot.configuration.timezones import zone_of
from bot.jobs.planning import name_of_zone
from bot.jobs.run import JobRun
from bot.jobs.schedule import JobMethod
from bot.pipeline.background import BackgroundTasks
from bot.pipeline.services import Services
from bot.plugin import Plugin, name_of
from memory.plugin_records import StoredJob

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Jobs that run side by side."""
_LOOK_AGAIN = 60
"""Seconds until the clock is looked at again: it may be set, the machine sleep, or another process be killed."""


class JobScheduler:
    """Runs the jobs of the running plugins, for the platforms that are connected.

    What was missed is done once, late. Jobs of one conversation are done one after another, in the order in which they
    were due, so that what they say arrives in that order; others run side by side. `work` does it all the time; `idle`
    does it at once, for tests with a clock of their own.
    """

    def __init__(self, services: Services, deadline: float) -> None:
        self._services = services
        self._deadline = deadline
        self._running = BackgroundTasks[None]()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._declared: dict[str, Plugin] = {}
        self._looking = asyncio.Lock()

    async def work(self) -> None:
        """Run what is due, whenever it is, until cancelled."""
        planned = self._services.planning.planned
        with self._services.hosting.running.listening(planned.set):
            while True:
                planned.clear()
                await self._look(planned)

    async def _look(self, planned: asyncio.Event) -> None:
        """Run what is due, and wait for the next or for news."""
        wait: float = _LOOK_AGAIN
        try:
            now = self._services.planning.now()
            while await self._run_due(now):
                pass  # one that was dropped may have had another of its conversation behind it
            wait = await self._seconds_to_next(now)
        except Exception:
            logger.exception("What is planned could not be looked up; it is tried again")
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await planned.wait()

    async def idle(self) -> None:
        """Run what is due now, and wait until it is done."""
        while await self._run_due(self._services.planning.now()) or self._running:
            await self._running.wait()

    async def close(self) -> None:
        """Break off what runs; it is done again at the next start."""
        await self._running.close()

    async def _run_due(self, now: datetime) -> int:
        """Start what is due and can be done beside what runs; return how many jobs that were."""
        async with self._looking:
            await self._declare()
            room = AT_ONCE - len(self._running)
            if room <= 0:
                return 0
            due = await self._services.memory.jobs.claim_due(
                now, plugins=self._declared, platforms=self._services.outbox.platforms, limit=room
            )
            for job in due:
                await self._start(job)
            return len(due)

    async def _start(self, job: StoredJob) -> None:
        method = next((each for each in jobs_of(self._declared[job.plugin]) if each.name == job.name), None)
        if method is None:
            logger.error("The plugin %s can't do the job %s any more; it is dropped", job.plugin, job.name)
            await self._services.memory.jobs.finish(job, None)
            return
        task = self._running.start(self._take_turn(job, method), name=f"job {job.id}")
        task.add_done_callback(lambda _: self._services.planning.planned.set())

    async def _take_turn(self, job: StoredJob, method: JobMethod) -> None:
        """Run a job once the one before it in its conversation has sent all that it says."""
        if job.conversation_id is None:
            return await self._run(job, method)
        async with self._turns.setdefault(job.conversation_id, asyncio.Lock()):
            return await self._run(job, method)

    async def _run(self, job: StoredJob, method: JobMethod) -> None:
        with self._services.hosting.running.at_work(method.handler) as runs:
            if not runs:  # it was stopped after the job was claimed
                await self._services.memory.jobs.release(job)
                return
            try:
                await JobRun(self._services, job, method, self._deadline).run()
            except Exception:
                logger.exception("The job %s of the plugin %s could not be noted", job.name, job.plugin)

    async def _declare(self) -> None:
        """Plan what the plugins that were started since declare of themselves."""
        running = {name_of(plugin): plugin for plugin in self._services.hosting.running.plugins}
        for name, plugin in running.items():
            if self._declared.get(name) is not plugin:
                await self._services.memory.jobs.declare(name, self._first(plugin))
        self._declared = running

    def _first(self, plugin: Plugin) -> list[StoredJob]:
        """Return the jobs that a plugin declares, each with the first time that it is due."""
        planning, jobs = self._services.planning, []
        for method in jobs_of(plugin):
            if method.schedule is not None:
                zone = planning.zone if method.zone is None else zone_of(method.zone)
                due = method.schedule.following(planning.now(), planning.now(), zone)
                repeats, zone_name = str(method.schedule), name_of_zone(zone)
                jobs.append(StoredJob(name_of(plugin), method.name, due, repeats=repeats, zone=zone_name))
        return jobs

    async def _seconds_to_next(self, now: datetime) -> float:
        """Return how long there is nothing to start: what is due by now waits for something that runs to end."""
        due = await self._services.memory.jobs.find_next_due(
            now, plugins=self._declared, platforms=self._services.outbox.platforms
        )
        if due is None or len(self._running) >= AT_ONCE:
            return _LOOK_AGAIN
        return min(max((due - self._services.planning.now()).total_seconds(), 0), _LOOK_AGAIN)


def jobs_of(plugin: Plugin) -> tuple[JobMethod, ...]:
    """Return the methods of a plugin that are called at a time."""
    return tuple(each for each in plugin.capabilities() if isinstance(each, JobMethod))
