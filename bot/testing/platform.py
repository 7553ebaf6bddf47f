"""A chat platform that is only a list."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self

from bot.adapter import Deliver, Delivery, Limits, ReplyStream
from bot.errors import AdapterError
from bot.events import Attachment, Conversation, Message, Reply

PLATFORM = "test"


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
    each press of a button got for an answer. While `down` is set it takes nothing. What only the asker
    is to see in a group is in `sent` too, unless `shows_privately` is unset.
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
        self.shows_privately = True
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

    async def send_privately(self, message: Message, reply: Reply) -> Literal["here"] | None:
        """Take a reply for the sender of a message in a group alone."""
        if not self.shows_privately:
            return None
        await self.send(message.conversation, reply, reply_to=message.event_id)
        return "here"

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
