"""One call of a job: for whom it is, what it says, and what becomes of it when it fails."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from bot.access.policy import Role
from bot.access.sources import HandlerSources
from bot.configuration.timezones import LOCAL, zone_of
from bot.errors import AccessDenied, CommandError
from bot.events import Message, Reply, from_json, to_json
from bot.jobs.context import JobContext
from bot.jobs.planning import JobPlace
from bot.jobs.schedule import JobMethod, parse_schedule
from bot.pipeline.handler_resources import HandlerResources
from bot.pipeline.outbox import OutgoingReply
from bot.pipeline.received import Received
from bot.pipeline.services import Services
from bot.translation import ENGLISH, gettext, gettext_noop, speaking
from memory import records
from memory.errors import SourceForgotten
from memory.plugin_records import JobReply, StoredJob

logger = logging.getLogger(__name__)

BACKOFF = (timedelta(minutes=1), timedelta(minutes=5))
"""How long after each failure a job is tried again; after the last of them it is given up."""
_GIVEN_UP = gettext_noop("Sorry, I could not do what was planned here: {plugin} failed {times} times (error {id}).")


class JobRun:
    """Calls a job's method once, and notes how it went."""

    def __init__(self, services: Services, job: StoredJob, method: JobMethod, deadline: float) -> None:
        self._services = services
        self._job = job
        self._method = method
        self._deadline = deadline
        self._now = services.planning.now()
        self._zone = zone_of(job.zone or LOCAL)

    async def run(self) -> None:
        """Do it. What goes wrong is logged and told; what the end of the bot breaks off is left to the next."""
        try:
            resources = await self._resources()
            if resources is None and self._job.place is not None:
                await self._services.memory.jobs.finish(self._job, None)
                return
            with speaking(await self._find_language(resources)):
                await self._call(resources)
        except asyncio.CancelledError:
            await asyncio.shield(self._services.memory.jobs.release(self._job))
            raise

    async def _find_language(self, resources: HandlerResources | None) -> str:
        if resources is None:
            return ENGLISH
        received = resources.received
        languages = self._services.dialogue.languages
        return await languages.find_language(received.message.conversation, received.conversation.id)

    async def _call(self, resources: HandlerResources | None) -> None:
        context = JobContext(
            plugin=self._job.plugin,
            name=self._method.name,
            payload=json.loads(self._job.payload),
            due=self._job.due_at.astimezone(self._zone),
            now=self._now.astimezone(self._zone),
            zone=self._zone,
            resources=resources,
        )
        try:
            async with asyncio.timeout(self._deadline):
                said = await self._services.hosting.isolation.call(self._job.plugin, self._call_method(context))
            if said:
                await context.reply(said)
        except (CommandError, AccessDenied) as error:
            await self._finish(resources, [Reply(str(error))])
        except Exception as error:  # noqa: BLE001 (logged below)
            await self._handle_failure(resources, error)
        else:
            await self._finish(resources, context.replies)

    async def _call_method(self, context: JobContext) -> str | Reply | None:
        said: str | Reply | None = await self._method.handler(context)
        return said

    async def _handle_failure(self, resources: HandlerResources | None, error: Exception) -> None:
        job, error_id = self._job, uuid4().hex[:8]
        logger.error("Error %s: the job %s of the plugin %s failed", error_id, job.name, job.plugin, exc_info=True)  # noqa: LOG014 (called while handling)
        self._services.hosting.isolation.count_failure(job.plugin, error)
        if job.failures < len(BACKOFF):
            await self._services.memory.jobs.postpone(job, self._now + BACKOFF[job.failures])
            return
        told = gettext(_GIVEN_UP, plugin=job.plugin, times=job.failures + 1, id=error_id)
        await self._finish(resources, [Reply(told)])

    async def _finish(self, resources: HandlerResources | None, replies: Sequence[Reply]) -> None:
        """Note that the job is done, and send what it has said. What was planned by nobody says nothing."""
        jobs = self._services.memory.jobs
        if resources is None:
            await jobs.finish(self._job, self._next())
            return
        received = resources.received
        replies_to_send = [
            OutgoingReply(received.message.conversation, reply, None, "command", resources.sources.of_reply(reply))
            for reply in replies
        ]
        if resources.keeps:
            try:
                await self._finish_and_send(resources, replies_to_send)
            except SourceForgotten:
                logger.info("What a job of %s would have said rests on what was forgotten meanwhile", self._job.plugin)
                await jobs.finish(self._job, self._next())
            return
        await jobs.finish(self._job, self._next())
        for outgoing in replies_to_send:
            await self._services.outbox.send_unkept(outgoing)

    async def _finish_and_send(self, resources: HandlerResources, replies: Sequence[OutgoingReply]) -> None:
        home, sender = resources.received.conversation, resources.received.message.sender
        for outgoing in replies:
            await self._services.dialogue.buttons.keep(outgoing.reply, home, sender, outgoing.drawn_from)
        rows = [JobReply(home.id, to_json(outgoing), outgoing.drawn_from) for outgoing in replies]
        queued = await self._services.memory.jobs.finish(self._job, self._next(), rows)
        for row, outgoing in zip(queued, replies, strict=False):
            await self._services.outbox.send_queued(row, outgoing)

    def _next(self) -> datetime | None:
        job = self._job
        return None if job.repeats is None else parse_schedule(job.repeats).following(job.due_at, self._now, self._zone)

    async def _resources(self) -> HandlerResources | None:
        """Return what the job may use, as its person may now, not as when it was planned; None for nobody."""
        if self._job.place is None:
            return None
        place = from_json(JobPlace, self._job.place)
        services = self._services
        role = await services.access.policy.role(place.person, place.conversation)
        person = await services.memory.people.find(place.person.platform, place.person.id)
        if role is None or person is None:
            logger.info("A job of %s is dropped: who planned it is not admitted any more", self._job.plugin)
            return None
        owner = person.id if place.conversation.kind == "direct" else None
        known = await services.memory.conversations.find(
            place.conversation.platform, place.conversation.key, owner_id=owner
        )
        if known is None:
            return None
        received = await self._receive(place, person, known, role)
        keeps = await services.access.gate.keeps(place.person, place.conversation)
        return services.resources(received, keeps=keeps, sources=HandlerSources.of(self._job.drawn_from))

    async def _receive(
        self, place: JobPlace, person: records.PersonRecord, home: records.ConversationRecord, role: Role
    ) -> Received:
        """Return the message that its person would have sent now, for handlers work on messages."""
        policy = self._services.access.policy
        accounts = await policy.accounts(person)
        message = Message(
            event_id=f"job:{self._job.id}:{self._job.due_at.isoformat()}",
            conversation=place.conversation,
            sender=place.person,
            text="",
            sent_at=self._now,
        )
        return Received(
            message=message,
            passage_id=None,
            person=person,
            conversation=home,
            scope=await policy.scope(person, place.conversation, home.id, accounts),
            role=role,
            accounts=accounts,
        )
