"""Streams growing replies to browsers: each listener gets the latest state, however slowly it reads."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from bot.events import Reply

UpdateKind = Literal["growing", "done", "failed"]
_MOST_WAITING = 200
"""Replies that wait for one listener; of the oldest a page that reads so slowly learns when it loads the chat again."""


@dataclass(frozen=True, slots=True)
class Update:
    """The state of a reply: the whole of it so far. `answers` is the event id of the message that it answers."""

    kind: UpdateKind
    reply_id: str
    answers: str | None
    reply: Reply


class Subscriber:
    """One browser that follows a chat. What grows meanwhile replaces what it has not read yet."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Update] = OrderedDict()
        self._changed = asyncio.Event()

    def put(self, update: Update) -> None:
        """Keep an update for it; never waits."""
        self._waiting[update.reply_id] = update
        if len(self._waiting) > _MOST_WAITING:
            self._waiting.popitem(last=False)
        self._changed.set()

    async def updates(self) -> AsyncIterator[Update]:
        """Yield updates as they come, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            while self._waiting:
                yield self._waiting.popitem(last=False)[1]


class LiveReplies:
    """Hands updates to those who follow a chat, which is named by its conversation's key."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Subscriber]] = {}

    @contextmanager
    def listening(self, chat: str) -> Iterator[Subscriber]:
        """Follow a chat while the block runs."""
        listener = Subscriber()
        self._listeners.setdefault(chat, set()).add(listener)
        try:
            yield listener
        finally:
            left = self._listeners[chat]
            left.discard(listener)
            if not left:
                del self._listeners[chat]

    def publish(self, chat: str, update: Update) -> None:
        """Hand an update to everyone who follows the chat."""
        for listener in self._listeners.get(chat, ()):
            listener.put(update)


class LiveReply:
    """One reply while it is being written: the adapter's `ReplyStream`."""

    def __init__(self, live: LiveReplies, chat: str, answers: str) -> None:
        self._live = live
        self._chat = chat
        self._answers = answers
        self._id = new_reply_id()

    async def grow(self, text: str) -> None:
        """Show the text so far."""
        self._publish("growing", Reply(text))

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Show the whole reply with its sources."""
        self._publish("done", reply)
        return (self._id,)

    async def fail(self, text: str) -> None:
        """Show this sentence in place of an answer."""
        self._publish("failed", Reply(text))

    def _publish(self, kind: UpdateKind, reply: Reply) -> None:
        self._live.publish(self._chat, Update(kind, self._id, self._answers, reply))


def new_reply_id() -> str:
    """Return an event id for a reply."""
    return f"reply:{uuid4().hex}"
