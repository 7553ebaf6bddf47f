"""The core: joins the way in, the lanes, the handling and the way out; `app` wires it and owns its lifetime."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from bot.access.gate import AccessGate
from bot.access.owners import Owners
from bot.access.policy import AccessPolicy
from bot.access.quotas import Quotas
from bot.adapter import Adapter, CatchesUp, Delivery
from bot.answering.answer import Answerer
from bot.configuration.timezones import LOCAL, zone_of
from bot.errors import AdapterError, ScrubjayError
from bot.events import (
    Choice,
    ConversationDeleted,
    ConversationMoved,
    Event,
    Feedback,
    Message,
    MessageDeleted,
    MessageEdited,
    Reply,
)
from bot.hosting.manager import PluginManager
from bot.hosting.running import RunningPlugins
from bot.hosting.supervisor import PluginSupervisor
from bot.jobs.due import Scheduler
from bot.jobs.planning import JobPlanning
from bot.pipeline.command_menus import keep_shown, offer
from bot.pipeline.dispatch import Lanes
from bot.pipeline.handling import Handling
from bot.pipeline.intake import Intake, Received, lane_of
from bot.pipeline.last_seen import LastSeen
from bot.pipeline.metrics import Metrics
from bot.pipeline.outbox import Outbox, OutgoingReply
from bot.pipeline.pending_choices import Press
from bot.pipeline.router import Handle, Route, RunCommand, is_addressed
from bot.pipeline.services import Services
from bot.pipeline.session import Session
from bot.plugin import Command, Plugin
from bot.reading.attachments import asks
from bot.reading.later import KeptFiles
from bot.reading.reading import Reading, ReadingOptions
from memory import Memory
from memory.records import PassageKind

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CoreOptions:
    """`lane_length` messages of a conversation wait in memory; each handler has `deadline` seconds.

    At shutdown the replies in flight have `grace` seconds to end; unsent replies are tried again every
    `resend_seconds`. Who holds the event loop for `block_seconds` is named in the log. The model may call the tools of
    the plugins in `tools`.
    """

    name: str = "Scrubjay"
    lane_length: int = 100
    deadline: float = 300
    grace: float = 10
    resend_seconds: float = 60
    block_seconds: float = 5
    tools: frozenset[str] = frozenset()
    reading: ReadingOptions = field(default_factory=ReadingOptions)


class Core:
    """The bot without its platforms. Enter it, then `serve` adapters, or `connect` one and `deliver` to it."""

    def __init__(
        self,
        memory: Memory,
        answerer: Answerer,
        *,
        access: AccessPolicy,
        quotas: Quotas | None = None,
        plugins: Sequence[Plugin] | RunningPlugins = (),
        manager: PluginManager | None = None,
        options: CoreOptions | None = None,
        metrics: Metrics | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._options = options or CoreOptions()
        self._memory = memory
        self._metrics = metrics or Metrics()
        self._plugins = (
            plugins
            if isinstance(plugins, RunningPlugins)
            else RunningPlugins(plugins, self._options.name, self._metrics)
        )
        quotas = quotas or Quotas(memory.ledger, {}, answerer.zone)
        self._gate = AccessGate(memory, access, quotas)
        self._last_seen = LastSeen(memory)
        self._intake = Intake(memory, access, self._gate)
        self._outbox = Outbox(memory, self._options.name, self._metrics, answerer.zone)
        self._owners = Owners(memory, access, self._gate, self._outbox)
        self._supervisor = PluginSupervisor(self._plugins, memory, answerer, self._owners, self._metrics)
        planning = JobPlanning(memory.jobs, self._supervisor.job_names, answerer.zone or zone_of(LOCAL), now or utc_now)
        self._services = Services(
            memory,
            answerer,
            access,
            quotas,
            self._gate,
            self._outbox,
            self._metrics,
            self._plugins,
            planning,
            self._supervisor.isolation,
            Reading(memory, self._plugins, self._options.reading),
            tool_plugins=self._options.tools,
            manager=manager,
        )
        self._scheduler = Scheduler(self._services, self._options.deadline)
        self._lanes: Lanes[Received | Press] = Lanes(
            self._handle, fetch=self._still_waiting, length=self._options.lane_length, grace=self._options.grace
        )
        self._metrics.lanes.set_function(lambda: self._lanes.open)
        self._stack = AsyncExitStack()

    @property
    def commands(self) -> tuple[Command, ...]:
        """All commands, for help and for a platform's menu."""
        return self._plugins.commands

    @property
    def reading(self) -> Reading:
        """What reads files into the memory, with the plugins that run."""
        return self._services.reading

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._supervisor.keeping(self._options.block_seconds))
            stack.push_async_callback(self._outbox.settle)
            stack.push_async_callback(self._services.sessions.close)
            stack.push_async_callback(self._scheduler.close)
            await stack.enter_async_context(self._lanes)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.aclose()

    async def deliver(self, event: Event) -> Delivery:
        """Take an event from a platform; it is stored when this returns. Raises StorageError when it is not."""
        delivery = await self._take(event)
        self._last_seen.note(event)
        self._metrics.events.labels(event.conversation.platform, delivery.value).inc()
        return delivery

    def connect(self, adapter: Adapter) -> None:
        """Send replies for this adapter's platform through it; it must have been entered."""
        self._outbox.connect(adapter)

    async def resume(self) -> None:
        """Finish what a process that is gone has left: send the unsent replies, and handle the messages that wait."""
        await self._outbox.resume()
        for waiting in await self._memory.delivery.claim_waiting(self._outbox.platforms):
            received = await self._intake.resume(waiting)
            if received is not None:
                self._lanes.put(received.lane, received, received.passage_id)

    async def idle(self) -> None:
        """Wait until no message is being handled or waits to be, and what is due by now is done."""
        await self._lanes.idle()
        await self._services.sessions.idle()
        await self._scheduler.idle()
        await self._supervisor.isolation.settled()

    async def read_kept(self) -> None:
        """Read the files that could not be read when they came, as far as they can be now."""
        await KeptFiles(self._services).read()

    async def serve(self, adapters: Sequence[Adapter]) -> None:
        """Connect the adapters, resume, and run them until all have ended or this is cancelled.

        An adapter that fails is named in the log while the others go on. Raises AdapterError when all failed.
        """
        offer(self._plugins, adapters)
        async with AsyncExitStack() as stack:
            entered = [adapter for adapter in adapters if await self._enter(adapter, stack)]
            if adapters and not entered:
                raise AdapterError("no adapter could be started; the log says why")
            for adapter in entered:
                self.connect(adapter)
                if isinstance(adapter, CatchesUp) and (away := await self._last_seen.away(adapter.name)):
                    adapter.was_away(away)
            await stack.enter_async_context(keep_shown(self._plugins, entered))
            stack.push_async_callback(self._last_seen.keep)
            stack.push_async_callback(self._lanes.close)  # before the adapters go: replies in flight need them
            await self.resume()
            stack.push_async_callback(self._outbox.settle)
            resending = asyncio.create_task(self._resend_regularly(), name="resend")
            stack.push_async_callback(_cancel, resending)
            reading = asyncio.create_task(self._read_kept_regularly(), name="kept files")
            stack.push_async_callback(_cancel, reading)
            scheduling = asyncio.create_task(self._scheduler.work(), name="jobs")
            stack.push_async_callback(_cancel, scheduling)
            async with asyncio.TaskGroup() as group:
                runs = [group.create_task(self._run(adapter), name=adapter.name) for adapter in entered]
            if not any(run.result() for run in runs):
                raise AdapterError("every adapter has failed; the log says why")
            await self.idle()

    async def _take(self, event: Event) -> Delivery:
        match event:
            case Message():
                return await self._take_message(event)
            case MessageEdited():
                known = await self._intake.edit(event)
            case MessageDeleted():
                known = bool(await self._intake.delete(event))
            case ConversationDeleted():
                known = await self._intake.delete_conversation(event)
            case ConversationMoved():
                known = await self._intake.move(event)
            case Feedback():
                known = await self._intake.judge(event)
                self._metrics.feedback.labels(str(event.value)).inc()
            case Choice():
                return await self._take_choice(event)
        return Delivery.ACCEPTED if known else Delivery.REFUSED

    async def _take_message(self, message: Message) -> Delivery:
        route = self._plugins.router.route(message)
        asking = self._services.sessions.waiting_for(lane_of(message.conversation), message.sender.id)
        is_awaited = asking is not None
        is_secret = asking is not None and asking.secret and isinstance(route, Handle)
        admission = await self._gate.admit(message, to_bot=_is_for_bot(message, route))
        if admission.role is None:
            await self._refuse(message, admission.sentence)
            return Delivery.REFUSED
        to_handle = is_awaited or not route.idle
        if admission.keeps and not is_secret:
            kind = "command" if is_awaited else _kind(message, route)  # "yes" to a question of a command is no memory
            received = await self._intake.store(message, kind, admission.role, to_handle=to_handle)
        else:
            received = await self._intake.take_unstored(message, admission.role)
        if received is None:
            return Delivery.DUPLICATE
        await self._owners.note(received)
        if isinstance(route, RunCommand) and route.command.urgent:
            self._start(received)
        elif to_handle:
            self._lanes.put(received.lane, received, received.passage_id)
        return Delivery.ACCEPTED

    async def _take_choice(self, choice: Choice) -> Delivery:
        """Take a press of a button: in its turn, as a message would be. Nothing of it is stored."""
        if await self._services.access.role(choice.sender, choice.conversation) is None:
            return Delivery.REFUSED
        press = self._services.pending_choices.press(choice)
        if press is Delivery.EXPIRED:
            return await self._services.persistent_buttons.press(choice, self._take_message)
        if isinstance(press, Delivery):
            return press
        self._lanes.put(press.lane, press)
        return Delivery.ACCEPTED

    async def _refuse(self, message: Message, sentence: str | None) -> None:
        """Tell a sentence to who is not admitted, if there is one. Nothing of it is stored."""
        logger.info("A message of %s:%s was not admitted", message.sender.platform, message.sender.id)
        if sentence is not None:
            outgoing = OutgoingReply(message.conversation, Reply(sentence), message.event_id, "command")
            await self._outbox.send_unkept(outgoing)

    async def _still_waiting(self, passage_id: int) -> Received | None:
        """Return a message that was left in the inbox because its lane was full; None when it is forgotten by now."""
        waiting = await self._memory.delivery.find_waiting(passage_id)
        return None if waiting is None else await self._intake.resume(waiting)

    async def _handle(self, received: Received | Press) -> None:
        """Handle one message in its lane: it answers what was asked of its sender, or begins something new."""
        if isinstance(received, Press):
            return await received.hand_over()
        sessions = self._services.sessions
        asking = sessions.waiting_for(received.lane, received.message.sender.id)
        if asking is not None and isinstance(self._plugins.router.route(received.message), Handle):
            if received.passage_id is not None:
                await self._memory.delivery.mark_handled(received.passage_id)
            asking.give(received.message.text)
            return await asking.wait_or_cancel()
        if asking is not None:
            asking.overtake()
            await asking.wait_or_cancel()
        return await self._start(received).wait_or_cancel()

    def _start(self, received: Received) -> Session:
        session = Session(self._options.deadline, received.message.sender.id)
        work = Handling(self._services, received, session).run(self._plugins.router.route(received.message))
        task = session.start(work, name=f"message {received.message.event_id}")
        self._services.sessions.add(received.lane, session, task)
        return session

    async def _enter(self, adapter: Adapter, stack: AsyncExitStack) -> bool:
        try:
            await stack.enter_async_context(adapter)
        except ScrubjayError as error:
            logger.error("The adapter %s could not be started: %s", adapter.name, error)  # noqa: TRY400 (no bug)
        except Exception:
            logger.exception("The adapter %s could not be started", adapter.name)
        else:
            return True
        return False

    async def _run(self, adapter: Adapter) -> bool:
        try:
            await adapter.run(self.deliver)
        except Exception:  # the other platforms go on
            logger.exception("The adapter %s has failed and is stopped", adapter.name)
            return False
        return True

    async def _resend_regularly(self) -> None:
        while True:
            await asyncio.sleep(self._options.resend_seconds)
            try:
                await self._outbox.resend()
                await self.resume()
                await self._last_seen.keep()
            except Exception:
                logger.exception("What is left to do could not be looked up; the next round tries again")

    async def _read_kept_regularly(self) -> None:
        while True:
            try:
                await self.read_kept()
            except Exception:
                logger.exception("The kept files could not be looked through; the next round tries again")
            await asyncio.sleep(self._options.resend_seconds)


def utc_now() -> datetime:
    """Return the time by the machine's clock."""
    return datetime.now(UTC)


def _is_for_bot(message: Message, route: Route) -> bool:
    return is_addressed(message) or isinstance(route, RunCommand)


def _kind(message: Message, route: Route) -> PassageKind:
    """Return what a message is remembered as: what the bot is asked is history, what it is told can be recalled."""
    if not isinstance(route, Handle):
        return "command"
    return "question" if route.answer and not message.attachments and asks(message.text) else "message"


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
