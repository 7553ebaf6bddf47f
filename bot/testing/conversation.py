"""A chat script: what a person says, and what the bot replies."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.access.policy import AccessPolicy
from bot.access.quotas import Quotas
from bot.access.setup import open_policy, quotas_of
from bot.answering.answer import Answerer
from bot.answering.records import AnswerOptions
from bot.app import build_core
from bot.choices import sentence_for
from bot.configuration.settings import AccessSettings
from bot.events import Attachment, Choice, Choices, Conversation, Message, Person, Reply
from bot.hosting.manager import PluginManager
from bot.hosting.registry import PluginRegistry
from bot.hosting.running import RunningPlugins
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel
from bot.pipeline.core import Core, CoreOptions
from bot.pipeline.metrics import Metrics
from bot.plugin import Plugin
from bot.testing.bots import Everybody
from bot.testing.clock import SettableClock
from bot.testing.platform import PLATFORM, FakeAdapter
from memory import Memory
from memory.addresses import StoreAddress
from memory.embedders import Embedder
from memory.embedders.hashing import HashingEmbedder

START = datetime(2024, 5, 3, 12, tzinfo=UTC)
_ANN = Person(PLATFORM, "ann", "Ann")
_DIRECT = Conversation(PLATFORM, "direct-ann")


@dataclass
class Chat:
    """One person talking with the bot, alone or in a group. `in_group` and `as_person` give others' views.

    `clock` is what messages are dated by, and jobs go by; each message moves it on by a minute.
    """

    core: Core
    memory: Memory
    adapter: FakeAdapter
    sender: Person
    place: Conversation
    numbers: itertools.count[int]
    clock: SettableClock

    async def says(self, text: str, *attachments: Attachment, addressed: bool = False) -> list[str]:
        """Send a message, wait until the bot has nothing left to do, and return the texts of its replies here."""
        before = len(self.adapter.sent)
        await self.core.deliver(self.message(text, *attachments, addressed=addressed))
        await self.core.idle()
        return [sent.reply.text for sent in self.adapter.sent[before:] if sent.conversation == self.place]

    async def presses(self, option: str, *, again: bool = False) -> list[str]:
        """Press a button of the latest question that has it, and return what the bot says to that here.

        It is delivered twice when `again`. What the platform would tell at once is in `adapter.told`.
        """
        before = len(self.adapter.sent)
        asked = next(choices for sent in reversed(self.adapter.sent) if (choices := _choices_with(sent.reply, option)))
        for _ in range(2 if again else 1):
            choice = Choice(self.place, self.sender, asked.id, asked.options.index(option))
            self.adapter.told.append(sentence_for(await self.core.deliver(choice)))
        await self.core.idle()
        return [sent.reply.text for sent in self.adapter.sent[before:] if sent.conversation == self.place]

    async def waits(self, length: timedelta) -> list[str]:
        """Let time pass, and return what the bot says here of itself; what falls due several times is done once."""
        return await self.waits_until(self.clock() + length)

    async def waits_until(self, moment: datetime) -> list[str]:
        """Let it become this time, and return what the bot says here of itself."""
        before = len(self.adapter.sent)
        self.clock.set(moment)
        await self.core.idle()
        return [sent.reply.text for sent in self.adapter.sent[before:] if sent.conversation == self.place]

    def message(self, text: str, *attachments: Attachment, addressed: bool = False) -> Message:
        """Return the next message of this person, a minute after the last one, without delivering it."""
        self.clock.forward(timedelta(minutes=1))
        return Message(
            event_id=f"{self.place.key}:{next(self.numbers)}",
            conversation=self.place,
            sender=self.sender,
            text=text,
            sent_at=self.clock(),
            addressed=addressed,
            attachments=attachments,
        )

    @property
    def last(self) -> Reply:
        """The latest reply, with its sources."""
        return self.adapter.sent[-1].reply

    def in_group(self, title: str, thread: str | None = None) -> Chat:
        """Return the same person in a group."""
        place = Conversation(self.adapter.name, f"group-{title}", title, "group", thread)
        return replace(self, place=place)

    def as_person(self, name: str) -> Chat:
        """Return another person: in the same group, or in their own direct chat."""
        sender = Person(self.adapter.name, name.casefold(), name)
        direct = self.place.kind == "direct"
        place = Conversation(self.adapter.name, f"direct-{sender.id}") if direct else self.place
        return replace(self, sender=sender, place=place)


def _choices_with(reply: Reply, option: str) -> Choices | None:
    return reply.choices if reply.choices is not None and option in reply.choices.options else None


@asynccontextmanager
async def chat(
    folder: Path | StoreAddress,
    *,
    plugins: Sequence[Plugin] = (),
    model: LanguageModel | None = None,
    access: AccessPolicy | AccessSettings | None = None,
    adapter: FakeAdapter | None = None,
    embedder: Embedder | None = None,
    answering: AnswerOptions | None = None,
    options: CoreOptions | None = None,
    registry: PluginRegistry | None = None,
    first_minute: int = 0,
) -> AsyncIterator[Chat]:
    """Open a bot with a real memory in `folder`, or where an address says, and yield Ann's direct chat with it.

    Without `access` everybody on the fake platform may talk, and only Ann is an owner; settings for it work as they do
    in the program, quotas included. With a `registry` its enabled plugins run as well, and Ann may switch them. Opening
    the same folder again continues with its memory; `first_minute`, when messages begin, must then be later.
    """
    platform = adapter or FakeAdapter()
    clock = SettableClock(START + timedelta(minutes=first_minute - 1))
    options = options or CoreOptions(grace=2)
    store = folder if isinstance(folder, StoreAddress) else folder / "memory.db"
    async with Memory.open(store, embedder or HashingEmbedder()) as memory:
        metrics = Metrics()
        running, manager = await _load(memory, plugins, registry, options.name, metrics)
        policy, quotas = _open_access(access or Everybody(_ANN), memory)
        core = build_core(
            memory,
            Answerer(memory, model or ExtractiveModel(), answering),
            access=policy,
            quotas=quotas,
            plugins=running,
            manager=manager,
            metrics=metrics,
            options=options,
            now=clock,
        )
        async with _connect(core, platform, manager):
            yield Chat(core, memory, platform, _ANN, _DIRECT, itertools.count(first_minute), clock)


@asynccontextmanager
async def _connect(core: Core, platform: FakeAdapter, manager: PluginManager | None) -> AsyncIterator[None]:
    """Run a bot on the fake platform, with what an earlier run has left done already."""
    async with core, manager.following() if manager else nullcontext(), platform:
        core.connect(platform)
        await core.resume()
        await core.idle()
        yield


async def _load(
    memory: Memory, plugins: Sequence[Plugin], registry: PluginRegistry | None, name: str, metrics: Metrics
) -> tuple[RunningPlugins, PluginManager | None]:
    """Return these plugins and the registry's enabled ones, and what switches the latter."""
    if registry is None:
        return RunningPlugins(plugins, name, metrics), None
    states = memory.ledger.plugin_states
    running = RunningPlugins([*plugins, *registry.load(await states.read_all())], name, metrics)
    return running, PluginManager(registry, states, running)


def _open_access(access: AccessPolicy | AccessSettings, memory: Memory) -> tuple[AccessPolicy, Quotas | None]:
    """Return who may talk, and how much where settings say so."""
    if isinstance(access, AccessSettings):
        return open_policy(access, memory.ledger), quotas_of(access, memory.ledger, None)
    return access, None
