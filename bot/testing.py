"""For the tests of plugins and adapters: a chat script with a real memory, and a platform that is only a list.

async with chat(tmp_path, plugins=[DicePlugin()]) as ann:
    assert await ann.says("/roll 6") == ["You rolled a 4."]
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from bot.access.policy import AccessPolicy, AllowList, Role
from bot.access.setup import open_policy, quotas_of
from bot.adapter import Deliver, Delivery, Limits, ReplyStream
from bot.answering.answer import Answerer, AnswerOptions
from bot.choices import sentence_for
from bot.configuration.settings import AccessSettings
from bot.errors import AdapterError
from bot.events import Attachment, Choice, Choices, Conversation, Message, Person, Reply
from bot.hosting.manager import PluginManager
from bot.hosting.registry import PluginRegistry
from bot.hosting.running import RunningPlugins
from bot.models import LanguageModel, Prompt, Sampling, SpeedReport
from bot.models.extractive import ExtractiveModel
from bot.pipeline.core import Core, CoreOptions
from bot.pipeline.metrics import Metrics
from bot.pipeline.testing_clock import SettableClock
from bot.plugin import Plugin
from memory import Memory
from memory.embedders import Embedder
from memory.embedders.hashing import HashingEmbedder

PLATFORM = "test"
START = datetime(2024, 5, 3, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply as the platform got it; `ids` are the event ids it was given."""

    conversation: Conversation
    reply: Reply
    reply_to: str | None
    ids: tuple[str, ...]


class FakeAdapter:
    """A platform in memory. What is `post`ed is delivered by `run`; what the bot sends is in `sent`.

    `growth` holds each change of growing replies, `failed` the sentences that replaced broken-off ones, `told` what
    each press of a button got for an answer. While `down` is set it takes nothing.
    """

    def __init__(
        self, name: str = PLATFORM, limits: Limits | None = None, files: Mapping[str, bytes] | None = None
    ) -> None:
        self.name = name
        self.limits = limits or Limits(text_chars=4000, edit_seconds_direct=0, edit_seconds_group=0)
        self.sent: list[Sent] = []
        self.growth: list[str] = []
        self.failed: list[str] = []
        self.acknowledged: list[tuple[str, Delivery]] = []
        self.told: list[str | None] = []
        self.down = False
        self._files = dict(files or {})
        self._posted: asyncio.Queue[Message | None] = asyncio.Queue()
        self._numbers = itertools.count(1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        pass

    def post(self, *messages: Message) -> None:
        """Let people send messages, which `run` will deliver in this order."""
        for message in messages:
            self._posted.put_nowait(message)

    def hang_up(self) -> None:
        """Let `run` end after what was posted."""
        self._posted.put_nowait(None)

    async def run(self, deliver: Deliver) -> None:
        """Deliver what is posted, until it hangs up."""
        while (message := await self._posted.get()) is not None:
            self.acknowledged.append((message.event_id, await deliver(message)))

    async def begin(self, message: Message) -> ReplyStream:
        """Start a reply that grows."""
        return _FakeStream(self, message)

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        """Take a reply. Raises AdapterError while down."""
        if self.down:
            raise AdapterError(f"{self.name} is down")
        ids = (f"{self.name}-sent-{next(self._numbers)}",)
        self.sent.append(Sent(conversation, reply, reply_to, ids))
        return ids

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield a file that the adapter was made with. Raises AdapterError when there is none."""
        if attachment.reference not in self._files:
            raise AdapterError(f"{self.name} no longer has {attachment.name}")
        yield self._files[attachment.reference]


class _FakeStream:
    def __init__(self, adapter: FakeAdapter, message: Message) -> None:
        self._adapter = adapter
        self._message = message

    async def grow(self, text: str) -> None:
        self._adapter.growth.append(text)

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        return await self._adapter.send(self._message.conversation, reply, reply_to=self._message.event_id)

    async def fail(self, text: str) -> None:
        self._adapter.failed.append(text)


class ScriptedModel:
    """A language model that says what it was told to, one answer a question, and keeps what it was given.

    An exception among the answers is raised in its place. With `hold` set it stops before the last word of
    each answer until that event is set, and sets `held` when it does.
    """

    name = "scripted"
    last_speed: SpeedReport | None = None
    follows_schemas = True

    def __init__(self, *answers: str | Exception, context_size: int = 4096) -> None:
        self.context_size = context_size
        self.prompts: list[Prompt] = []
        self.samplings: list[Sampling] = []
        self.hold: asyncio.Event | None = None
        self.held = asyncio.Event()
        self._answers = list(answers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        pass

    def count(self, text: str) -> int:
        """Count words."""
        return len(text.split())

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Yield the next answer word by word."""
        self.prompts.append(prompt)
        self.samplings.append(sampling)
        answer = self._answers.pop(0) if self._answers else ""
        if isinstance(answer, Exception):
            raise answer
        *most, last = answer.split(" ")
        for word in most:
            yield f"{word} "
        if self.hold is not None:
            self.held.set()
            await self.hold.wait()
        yield last


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
    folder: Path,
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
    """Open a bot with a real memory in `folder` and yield Ann's direct chat with it.

    Without `access` everybody on the fake platform may talk, and only Ann is an owner; settings for it work as they do
    in the program, quotas included. With a `registry` its enabled plugins run as well, and Ann may switch them. Opening
    the same folder again continues with its memory; `first_minute`, when messages begin, must then be later.
    """
    ann = Person(PLATFORM, "ann", "Ann")
    platform = adapter or FakeAdapter()
    clock = SettableClock(START + timedelta(minutes=first_minute - 1))
    options = options or CoreOptions(deadline=5, grace=1)
    async with AsyncExitStack() as stack:
        memory = await stack.enter_async_context(Memory.open(folder / "memory.db", embedder or HashingEmbedder()))
        metrics, states = Metrics(), memory.ledger.plugin_states
        loaded = registry.load(await states.all()) if registry is not None else []
        running = RunningPlugins([*plugins, *loaded], options.name, metrics)
        manager = PluginManager(registry, states, running) if registry is not None else None
        core = Core(
            memory,
            Answerer(memory, model or ExtractiveModel(), answering),
            access=open_policy(access, memory.ledger)
            if isinstance(access, AccessSettings)
            else access or Everybody(ann),
            quotas=quotas_of(access, memory.ledger, None) if isinstance(access, AccessSettings) else None,
            plugins=running,
            manager=manager,
            metrics=metrics,
            options=options,
            now=clock,
        )
        await stack.enter_async_context(core)
        if manager is not None:
            await stack.enter_async_context(manager.following())
        await stack.enter_async_context(platform)
        core.connect(platform)
        await core.resume()
        await core.idle()
        place = Conversation(PLATFORM, "direct-ann")
        yield Chat(core, memory, platform, ann, place, itertools.count(first_minute), clock)


class Everybody(AllowList):
    """Admits everybody, with one owner; for tests."""

    def __init__(self, owner: Person) -> None:
        super().__init__(local=(), owners=[(owner.platform, owner.id)])

    async def role(self, person: Person, place: Conversation) -> Role:
        """Take anybody for a member at least."""
        return await super().role(person, place) or Role.MEMBER
