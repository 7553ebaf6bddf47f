"""The core: the bot without its platforms. `bot.app` builds its parts; here they are started, served and ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from bot.adapter import Adapter, CatchesUp, Delivery, Polls, Requests, ServesRequests
from bot.events import Event
from bot.hosting.supervisor import PluginSupervisor
from bot.jobs.due import JobScheduler
from bot.pipeline.background import run_beside
from bot.pipeline.bot_names import deliver_as
from bot.pipeline.command_menus import keep_shown, offer
from bot.pipeline.conversation_languages import AUTO
from bot.pipeline.dispatch import Lanes
from bot.pipeline.intake import Intake
from bot.pipeline.last_seen import LastSeen
from bot.pipeline.owner_notices import OwnerNotices
from bot.pipeline.pending_choices import Press
from bot.pipeline.received import Received
from bot.pipeline.services import Services
from bot.pipeline.serving import enter_adapters, run_adapters
from bot.plugin import Command
from bot.reading.postponed_files import KeptFiles
from bot.reading.reading import Reading, ReadingOptions
from memory.errors import StorageError

logger = logging.getLogger(__name__)

_NOT_LOOKED = "What owners should be told could not be looked up; the next round tries again"
_PAUSE = 2
"""Seconds after which a database that was out of reach is asked again what other processes have left."""


@dataclass(frozen=True, slots=True)
class CoreOptions:
    """The bot answers to its `name` and what else it is `called`, in the `open_groups` to each question.

    `called_patterns` are regular expressions that call it, too.
    In groups it shows that it has seen a message if it is to `acknowledge` it. `lane_length` messages of a conversation
    wait in memory; each handler has `deadline` seconds. An album is complete when nothing more of it has come for
    `album_seconds`.

    At shutdown the replies in flight have `grace` seconds to end; unsent replies are tried again every
    `resend_seconds`. Who holds the event loop for `block_seconds` is named in the log. The model may call the tools of
    the plugins in `tools`, and makes `answers_at_once`. `language` is spoken where nobody has chosen another; "auto" is
    the one that is written there.
    """

    name: str = "Scrubjay"
    language: str = AUTO
    called: tuple[str, ...] = ()
    called_patterns: tuple[str, ...] = ()
    open_groups: frozenset[str] = frozenset()
    acknowledge: bool = True
    album_seconds: float = 1.0
    lane_length: int = 100
    deadline: float = 300
    grace: float = 10
    resend_seconds: float = 60
    block_seconds: float = 5
    answers_at_once: int = 4
    tools: frozenset[str] = frozenset()
    reading: ReadingOptions = field(default_factory=ReadingOptions)


class Core:
    """The bot without its platforms. Enter it, then `serve` adapters, or `connect` one and `deliver` to it."""

    def __init__(
        self,
        services: Services,
        intake: Intake,
        lanes: Lanes[Received | Press],
        supervisor: PluginSupervisor,
        scheduler: JobScheduler,
        last_seen: LastSeen,
        requests: Requests,
        notices: OwnerNotices,
        options: CoreOptions,
    ) -> None:
        self.services = services
        self._intake = intake
        self._lanes = lanes
        self._supervisor = supervisor
        self._scheduler = scheduler
        self._last_seen = last_seen
        self._requests = requests
        self._notices = notices
        self._options = options
        self._stack = AsyncExitStack()

    @property
    def commands(self) -> tuple[Command, ...]:
        """All commands, for help and for a platform's menu."""
        return self.services.hosting.running.commands

    @property
    def requests(self) -> Requests:
        """What serves pages and programs, which read the memory within a scope."""
        return self._requests

    @property
    def reading(self) -> Reading:
        """What reads files into the memory, with the plugins that run."""
        return self.services.reading

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            # Ended in the opposite order: first what makes replies, then what sends them, and the plugins last.
            await stack.enter_async_context(self._supervisor.run_plugins(self._options.block_seconds))
            stack.push_async_callback(self.services.outbox.settle)
            stack.push_async_callback(self.services.dialogue.sessions.close)
            stack.push_async_callback(self._scheduler.close)
            await stack.enter_async_context(self._lanes)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.aclose()

    async def deliver(self, event: Event) -> Delivery:
        """Take an event from a platform; it is stored when this returns. Raises StorageError when it is not."""
        return await self._intake.deliver(event)

    def connect(self, adapter: Adapter) -> None:
        """Send replies for this adapter's platform through it; it must have been entered."""
        self.services.outbox.connect(adapter)

    async def resume(self) -> None:
        """Finish what a process that is gone has left: send the unsent replies, and handle the messages that wait."""
        await self._intake.resume()
        await self.services.outbox.resend()

    async def idle(self) -> None:
        """Wait until no message is being handled or waits to be, and what is due by now is done."""
        await self._lanes.idle()
        await self.services.dialogue.sessions.idle()
        await self._scheduler.idle()
        await self.services.hosting.isolation.settle()
        await self.services.acknowledgements.settle()

    async def read_kept(self) -> None:
        """Read the files that could not be read when they came, as far as they can be now."""
        await KeptFiles(self.services).read()

    async def serve(self, adapters: Sequence[Adapter]) -> None:
        """Connect the adapters, resume, and run them until all have ended or this is cancelled.

        An adapter that fails is named in the log while the others go on. Raises AdapterError when all failed.
        """
        offer(self.services.hosting.running, adapters)
        for adapter in adapters:
            if isinstance(adapter, ServesRequests):
                adapter.serve_requests(self._requests)
        async with AsyncExitStack() as stack:
            entered = await enter_adapters(adapters, stack, self._notices.note_failure)
            for adapter in entered:
                self.connect(adapter)
            await stack.enter_async_context(keep_shown(self.services.hosting.running, entered))
            stack.push_async_callback(self._last_seen.keep)
            stack.push_async_callback(self.services.acknowledgements.close)
            stack.push_async_callback(self._lanes.close)  # before the adapters go: replies in flight need them
            await self.resume()
            stack.push_async_callback(self.services.outbox.settle)
            await stack.enter_async_context(run_beside(self._resend_regularly(), name="resend"))
            await stack.enter_async_context(run_beside(self._take_up(), name="take up"))
            await stack.enter_async_context(run_beside(self._read_kept_regularly(), name="kept files"))
            await stack.enter_async_context(run_beside(self._scheduler.work(), name="jobs"))
            await stack.enter_async_context(run_beside(self._notice_regularly(entered), name="notices"))
            for adapter in entered:
                self.services.metrics.adapters.labels(adapter.name).set(1)
            await run_adapters(entered, self._receive, self._note_end, self._notices.note_failure)
            await self.idle()

    async def _receive(self, adapter: Adapter) -> None:
        """Run an adapter, in turn with other processes where its platform serves one at a time."""

        async def run() -> None:
            if isinstance(adapter, CatchesUp) and (away := await self._last_seen.away(adapter.name)):
                adapter.was_away(away)
            await adapter.run(deliver_as(adapter.name, self._intake.deliver))

        if isinstance(adapter, Polls) and adapter.polls:
            await self.services.memory.leadership.lead(f"receive from {adapter.name}", run)
        else:
            await run()

    def _note_end(self, adapter: Adapter) -> None:
        self.services.metrics.adapters.labels(adapter.name).set(0)

    async def _resend_regularly(self) -> None:
        while True:
            await asyncio.sleep(self._options.resend_seconds)
            await _try(self._catch_up, "What is left to do could not be looked up; the next round tries again")

    async def _take_up(self) -> None:
        """Take up what another process leaves as soon as that is told; what is not told waits for the next round."""
        while True:
            await _try(self._resume_when_told, "What another process has left could not be taken up; it is tried again")

    async def _resume_when_told(self) -> None:
        try:
            told = await self.services.memory.delivery.wait(self._options.resend_seconds)
        except StorageError:
            await asyncio.sleep(_PAUSE)
            raise
        if told:
            await self.resume()

    async def _catch_up(self) -> None:
        await self.services.outbox.resend()
        await self.resume()
        await self.services.dialogue.grounds.end_ungrounded()
        await self._last_seen.keep()

    async def _read_kept_regularly(self) -> None:
        while True:
            await _try(self.read_kept, "The kept files could not be looked through; the next round tries again")
            await asyncio.sleep(self._options.resend_seconds)

    async def _notice_regularly(self, adapters: Sequence[Adapter]) -> None:
        """Tell owners what is wrong here, and in turn with other processes what all of them have written down."""

        async def look_into_memory() -> None:
            while True:
                await asyncio.sleep(self._options.resend_seconds)
                await _try(self._notices.look_into_memory, _NOT_LOOKED)

        async with run_beside(self.services.memory.leadership.lead("tell owners", look_into_memory), name="ledger"):
            while True:
                await asyncio.sleep(self._options.resend_seconds)
                await _try(partial(self._notices.look_around, adapters), _NOT_LOOKED)


async def _try(work: Callable[[], Awaitable[None]], problem: str) -> None:
    """Do a round of work that comes again anyway; what goes wrong is only logged."""
    try:
        await work()
    except Exception:
        logger.exception(problem)
