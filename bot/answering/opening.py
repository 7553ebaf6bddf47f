"""Opens the memory, and what a single question needs: no plugins, no platforms, no background work.

`bot.app` opens the whole bot. This is apart from it because importing all that a bot is made of takes longer than an
answer does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TYPE_CHECKING

from bot.access.policy import MACHINE_OWNER
from bot.answering.tracing import NO_TRACER, Tracer
from bot.configuration.extras import install_command
from bot.configuration.operating_settings import TracingSettings
from bot.configuration.settings import Settings
from bot.errors import ConfigError
from memory import ConversationRecord, Memory, PersonRecord
from memory.embedders import Embedder, EmbedderIdentity
from memory.embedders.choose import choose_embedder
from memory.embedders.hashing import HashingEmbedder
from memory.errors import EmbedderError

if TYPE_CHECKING:
    from bot.answering.answer import Answerer
    from bot.answering.records import AnswerOptions

OWNER_NAME = "You"
CHAT_ID = "chat"
CHAT_TITLE = "Chat"


async def open_embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name. Raises EmbedderError."""
    return await asyncio.to_thread(_choose_embedder, settings, settings.memory.embedder)


@asynccontextmanager
async def open_memory(settings: Settings) -> AsyncIterator[Memory]:
    """Open the memory; nothing is embedded until asked. Raises StorageError and EmbedderError."""
    async with _open_memory(settings, await open_embedder(settings)) as memory:
        yield memory


@asynccontextmanager
async def open_answerer(settings: Settings) -> AsyncIterator[tuple[Memory, Answerer]]:
    """Open what a single question needs: no plugins, no background work."""
    embedder = await open_embedder(settings)
    loading = asyncio.create_task(asyncio.to_thread(_load, embedder))
    await asyncio.sleep(0)  # the thread begins
    try:
        # Imported meanwhile, and by those alone who ask: they take as long as the model does.
        from bot.answering.answer import Answerer  # noqa: PLC0415
        from bot.models.engine import make_model, warn_of_passed_over  # noqa: PLC0415

        warn_of_passed_over(settings)
        async with _open_memory(settings, embedder) as memory, make_model(settings) as model:
            yield memory, Answerer(memory, model, answer_options(settings))
    finally:
        await loading


@asynccontextmanager
async def open_tracer(settings: TracingSettings) -> AsyncIterator[Tracer]:
    """Trace answers while the block runs, if that is set. Raises ConfigError where what it takes is not installed."""
    if not settings.enabled:
        yield NO_TRACER
        return
    try:
        from bot.answering.opentelemetry_traces import send_traces  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise ConfigError(f"tracing.enabled needs `{install_command('tracing')}` first") from error
    async with send_traces(settings.endpoint) as tracer:
        yield tracer


def _open_memory(settings: Settings, embedder: Embedder) -> AbstractAsyncContextManager[Memory]:
    return Memory.open(
        settings.store,
        embedder,
        load=lambda identity: _choose_earlier(settings, identity),
        search_cache_mb=settings.memory.search_cache_mb,
    )


def _load(embedder: Embedder) -> None:
    """Load a model ahead of the question, which says what is wrong where it can't be had."""
    with suppress(EmbedderError):
        embedder.embed_query(".")


async def owner_of(memory: Memory) -> PersonRecord:
    """Return the person at this machine, whom its command line and console belong to."""
    return await memory.people.ensure(*MACHINE_OWNER, OWNER_NAME)


async def owners_chat(memory: Memory) -> ConversationRecord:
    """Return the owner's direct chat, which the console and the command line share."""
    owner = await owner_of(memory)
    return await memory.conversations.ensure(owner.platform, CHAT_ID, title=CHAT_TITLE, owner_id=owner.id)


def answer_options(settings: Settings) -> AnswerOptions:
    """Return how answers are made, as set."""
    from bot.answering.records import AnswerOptions  # noqa: PLC0415 (what answers nothing need not wait for it)

    return AnswerOptions(
        name=settings.assistant.name,
        persona=settings.assistant.persona,
        limit=settings.recall.limit,
        relevance=settings.recall.relevance,
        token_budget=settings.recall.token_budget,
        sampling=settings.sampling.to_sampling(),
        penalizes_repeats="repeat_penalty" in settings.sampling.model_fields_set,
        zone=settings.time.zone,
        general=settings.assistant.general,
    )


def _choose_embedder(settings: Settings, name: str) -> Embedder:
    return choose_embedder(name, cache_dir=settings.cache_dir, threads=settings.memory.embedder_threads)


def _choose_earlier(settings: Settings, identity: EmbedderIdentity) -> Embedder | None:
    """Load the embedder of vectors made before a change of `memory.embedder`; None where it can't be had."""
    own = HashingEmbedder()
    if identity == own.identity:
        return own
    for name in ("bundled", identity.name):
        with suppress(EmbedderError):  # the next may be the one
            embedder = _choose_embedder(settings, name)
            if embedder.identity == identity:
                return embedder
    return None
