"""The place where the parts of a bot are wired together; what is opened here is closed here."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from prometheus_client import ProcessCollector

from bot.access.direct_chats import DirectChats
from bot.access.gate import AccessGate
from bot.access.members import Members
from bot.access.policy import AccessPolicy
from bot.access.quotas import Quotas
from bot.access.setup import open_policy, quotas_of
from bot.answering.answer import Answerer
from bot.answering.opening import (
    answer_options,
    open_answerer,
    open_embedder,
    open_memory,
    open_tracer,
    owner_of,
    owners_chat,
)
from bot.commands.selecting import find_conversation
from bot.configuration.settings import DataSettings, MemorySettings, ModelSettings, Settings
from bot.configuration.timezones import LOCAL, zone_of
from bot.hosting.manager import PluginManager
from bot.hosting.registry import PluginRegistry
from bot.hosting.running import RunningPlugins
from bot.hosting.supervisor import PluginSupervisor
from bot.jobs.due import JobScheduler
from bot.jobs.planning import JobPlanning
from bot.jobs.upkeep import keep_up
from bot.models import LanguageModel
from bot.models.engine import make_model, warn_of_passed_over
from bot.models.speech import SpeechServer, open_speech
from bot.models.switching import SwitchableModel
from bot.pipeline import past_files
from bot.pipeline.acknowledgements import Acknowledgements
from bot.pipeline.addressing import Addressing
from bot.pipeline.albums import Albums
from bot.pipeline.answer_queue import AnswerQueue
from bot.pipeline.changes import StoredChanges
from bot.pipeline.conversation_languages import ConversationLanguages
from bot.pipeline.core import Core, CoreOptions
from bot.pipeline.dispatch import Lanes
from bot.pipeline.handling import take_turn
from bot.pipeline.histories import PastFiles
from bot.pipeline.inbox import Inbox
from bot.pipeline.intake import Intake
from bot.pipeline.last_seen import LastSeen
from bot.pipeline.lru_cache import Recent
from bot.pipeline.metrics import Metrics
from bot.pipeline.outbox import Outbox
from bot.pipeline.owner_notices import OwnerNotices
from bot.pipeline.pending_choices import PendingChoices, Press
from bot.pipeline.persistent_buttons import PersistentButtons
from bot.pipeline.program_hooks import ProgramHooks
from bot.pipeline.question_grounds import QuestionGrounds
from bot.pipeline.received import Received
from bot.pipeline.requests import Requests
from bot.pipeline.services import Access, Answering, Dialogue, Hosting, Services
from bot.pipeline.session import Sessions
from bot.plugin import Plugin
from bot.reading.library import Library, documents_of
from bot.reading.opening import reading_options
from bot.reading.reading import Reading
from memory import Memory, PersonRecord

__all__ = [
    "App",
    "DataSettings",
    "MemorySettings",
    "ModelSettings",
    "Settings",
    "answer_options",
    "find_conversation",
    "open_answerer",
    "open_app",
    "open_embedder",
    "open_memory",
    "open_past_files",
    "open_requests",
    "owner_of",
    "owners_chat",
]

LATEST_ANSWERS = 1000
"""Conversations whose latest answer `/why` can explain; of the oldest it is forgotten."""
LATEST_MESSAGES = 10_000
"""Conversations whose last message is known, to tell which answer needs to quote its question."""


@dataclass(frozen=True, slots=True)
class App:
    """The parts that are open while the bot runs."""

    settings: Settings
    memory: Memory
    model: LanguageModel
    answerer: Answerer
    core: Core
    access: Members


def utc_now() -> datetime:
    """Return the time by the machine's clock."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[App]:
    """Open everything that answering needs, and embed in the background while it is open.

    Plugins start here; adapters are served by `App.core.serve`. Raises ScrubjayError and MemoryStoreError.
    """
    async with AsyncExitStack() as stack:
        # The stack closes in reverse order, so the memory outlives everything that still writes to it at the end.
        memory = await stack.enter_async_context(open_memory(settings))
        warn_of_passed_over(settings)
        # Everybody holds this one and never the model inside, which another can replace while the bot runs.
        model = SwitchableModel(make_model(settings))
        await stack.enter_async_context(model)
        await stack.enter_async_context(memory.embeddings.embed_in_background())
        tracer = await stack.enter_async_context(open_tracer(settings.tracing))
        answerer = Answerer(memory, model, answer_options(settings), tracer)
        access = open_policy(settings.access, memory.ledger)
        registry = PluginRegistry.of(settings)
        metrics = Metrics()
        ProcessCollector(registry=metrics.registry)  # memory and processor time, where the system tells them
        # What was switched in a chat is kept in the memory and goes before the settings.
        loaded = registry.load(await memory.ledger.plugin_states.read_all())
        plugins = RunningPlugins(loaded, settings.assistant.name, metrics)
        manager = PluginManager(registry, memory.ledger.plugin_states, plugins)
        core = build_core(
            memory,
            answerer,
            access=access,
            quotas=quotas_of(settings.access, memory.ledger, settings.time.zone),
            plugins=plugins,
            manager=manager,
            metrics=metrics,
            options=core_options(settings),
            speech=await stack.enter_async_context(open_speech(settings.speech)),
        )
        await stack.enter_async_context(core)
        await stack.enter_async_context(manager.following())
        await stack.enter_async_context(_watching(settings, memory, core.reading))
        await stack.enter_async_context(keep_up(settings, memory, utc_now))
        yield App(settings, memory, model, answerer, core, access)


def core_options(settings: Settings) -> CoreOptions:
    """Return how the settings want messages handled."""
    return CoreOptions(
        name=settings.assistant.name,
        language=settings.assistant.language,
        called=tuple(settings.assistant.called),
        called_patterns=tuple(settings.assistant.called_patterns),
        open_groups=frozenset(settings.assistant.open_groups),
        acknowledge=settings.assistant.acknowledge,
        lane_length=settings.limits.lane_length,
        deadline=settings.limits.handler_deadline,
        answers_at_once=settings.model.parallel,
        tools=frozenset(settings.plugins.tools),
        reading=reading_options(settings),
    )


def build_core(
    memory: Memory,
    answerer: Answerer,
    *,
    access: AccessPolicy,
    plugins: Sequence[Plugin] | RunningPlugins = (),
    quotas: Quotas | None = None,
    manager: PluginManager | None = None,
    options: CoreOptions | None = None,
    metrics: Metrics | None = None,
    speech: SpeechServer | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Core:
    """Build the parts that a message passes, and join them. Without `quotas` nobody has one."""
    options, metrics = options or CoreOptions(), metrics or Metrics()
    running = plugins if isinstance(plugins, RunningPlugins) else RunningPlugins(plugins, options.name, metrics)
    quotas = quotas or Quotas(memory.ledger, {}, answerer.zone)
    gate = AccessGate(memory, access, quotas)
    outbox = Outbox(memory, options.name, metrics, answerer.zone)
    languages = ConversationLanguages(memory.ledger.plugin_values, options.language)
    direct_chats = DirectChats(memory, access, gate, outbox, languages)
    supervisor = PluginSupervisor(running, memory, answerer, direct_chats, metrics)
    services = Services(
        memory=memory,
        access=Access(access, gate, direct_chats),
        outbox=outbox,
        metrics=metrics,
        hosting=Hosting(running, supervisor.isolation, manager),
        planning=JobPlanning(memory.jobs, supervisor.job_names, answerer.zone or zone_of(LOCAL), now),
        reading=Reading(memory, running, options.reading),
        dialogue=_make_dialogue(memory, languages, options, now),
        answering=_make_answering(answerer, quotas, options, speech),
        acknowledgements=Acknowledgements(outbox, enabled=options.acknowledge),
    )
    return _join(services, supervisor, options, now)


def _make_dialogue(
    memory: Memory, languages: ConversationLanguages, options: CoreOptions, now: Callable[[], datetime]
) -> Dialogue:
    """Make what holds the questions that the bot has asked, and what it knows of what people say just now."""
    sessions = Sessions(options.deadline)
    return Dialogue(
        sessions,
        QuestionGrounds(memory, sessions),
        PendingChoices(),
        PersistentButtons(memory, now),
        Recent(LATEST_MESSAGES),
        Albums(options.album_seconds),
        languages,
    )


def _make_answering(answerer: Answerer, quotas: Quotas, options: CoreOptions, speech: SpeechServer | None) -> Answering:
    """Make what answers in a fair order, and knows the latest answer of each conversation."""
    queue = AnswerQueue(options.answers_at_once)
    return Answering(answerer, quotas, options.tools, Recent(LATEST_ANSWERS), queue, speech)


def _join(services: Services, supervisor: PluginSupervisor, options: CoreOptions, now: Callable[[], datetime]) -> Core:
    """Join the way in, the lanes and the handling."""
    lanes: Lanes[Received | Press] = Lanes(
        partial(take_turn, services), length=options.lane_length, grace=options.grace
    )
    services.metrics.lanes.set_function(lambda: lanes.open)
    last_seen = LastSeen(services.memory)
    changes = StoredChanges(
        services.memory,
        services.access.policy,
        services.access.gate,
        services.outbox,
        services.dialogue.languages,
        services.dialogue.grounds,
    )
    patterns = tuple(re.compile(pattern, re.IGNORECASE) for pattern in options.called_patterns)
    addressing = Addressing((options.name, *options.called), options.open_groups, patterns)
    inbox = Inbox(services.memory, services.access.policy)
    intake = Intake(services, inbox, lanes, changes, last_seen, addressing)
    scheduler = JobScheduler(services, options.deadline)
    hooks = ProgramHooks(services, options.deadline)
    requests = Requests(replace(services.for_requests(), adjust=hooks.adjust))
    notices = OwnerNotices(services.memory, services.access.direct_chats, now)
    return Core(services, intake, lanes, supervisor, scheduler, last_seen, requests, notices, options)


@asynccontextmanager
async def _watching(settings: Settings, memory: Memory, reading: Reading) -> AsyncIterator[None]:
    """Follow the watched folders, if there are any, while the block runs."""
    if not settings.ingest.watch:
        yield
        return
    from bot.reading.watch import Watcher  # noqa: PLC0415 (few watch folders, and everybody waits for the start)

    owner = await owner_of(memory)
    library = Library(memory, reading, await documents_of(memory, owner.id), owner.id)
    async with Watcher(library, [folder.absolute() for folder in settings.ingest.watch]).watch():
        yield


@asynccontextmanager
async def open_past_files(settings: Settings, memory: Memory, owner: PersonRecord) -> AsyncIterator[PastFiles | None]:
    """Open what takes in the files of a history: the plugins for them, without the bot; None when there is none."""
    plugins = PluginRegistry.of(settings).load(await memory.ledger.plugin_states.read_all())
    async with past_files.open_past_files(memory, owner, plugins) as opened:
        yield opened


@asynccontextmanager
async def open_requests(settings: Settings) -> AsyncIterator[Requests]:
    """Open what serves requests of programs, without a language model."""
    # Such a program has a language model of its own; loading ours would cost seconds and gigabytes for nothing.
    model = settings.model.model_copy(update={"engine": "extractive"})
    async with open_app(settings.model_copy(update={"model": model})) as app:
        yield app.core.requests
