"""The way out: a reply is stored before it is sent, and counts as sent only when its platform has taken it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Literal
from weakref import WeakValueDictionary

from bot.adapter import Adapter, ReplyStream
from bot.errors import AdapterError, ChatClosed
from bot.events import Conversation, Reply, from_json, to_json
from bot.hosting.tasks import context_of
from bot.pipeline.background import BackgroundTasks
from bot.pipeline.metrics import Metrics
from memory import Entry, Memory, Outgoing, Stored, records

logger = logging.getLogger(__name__)

ReplyKind = Literal["answer", "command"]

_FAILURES_THAT_HOLD = 5
"""Failures in a row after which a reply no longer holds up those behind it: the fault may be its own."""


@dataclass(frozen=True, slots=True)
class OutgoingReply:
    """A reply with its address, as it is kept in the outbox.

    `kind` is "answer" for what belongs to a conversation's history, "command" for what a command said. `drawn_from`
    are the passages that it was made from; `cited` those of them that it names as its sources.
    """

    conversation: Conversation
    reply: Reply
    reply_to: str | None
    kind: ReplyKind
    drawn_from: tuple[int, ...] = ()
    cited: tuple[int, ...] = ()


class Outbox:
    """Sends replies through the adapters, each exactly once unless the process dies while one is being sent.

    Replies to one conversation go out in their order: what a platform did not take is tried again before anything newer
    is sent there. One that fails again and again, while others may be taken, holds up none any more.
    """

    def __init__(self, memory: Memory, bot_name: str, metrics: Metrics, zone: tzinfo | None = None) -> None:
        self._memory = memory
        self._bot_name = bot_name
        self._metrics = metrics
        self._zone = zone
        self._adapters: dict[str, Adapter] = {}
        self._kept: dict[int, dict[int, int]] = {}  # by conversation: how often each reply that is kept has failed
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._marking = BackgroundTasks[Stored | None]()

    def connect(self, adapter: Adapter) -> None:
        """Send what is for this adapter's platform through it from now on."""
        self._adapters[adapter.name] = adapter

    @property
    def platforms(self) -> frozenset[str]:
        """The platforms that replies can be sent to."""
        return frozenset(self._adapters)

    def adapter(self, platform: str) -> Adapter | None:
        """Return the adapter of a platform, when it is connected."""
        return self._adapters.get(platform)

    async def send(
        self,
        outgoing: OutgoingReply,
        home: records.ConversationRecord,
        answers: int | None,
        stream: ReplyStream | None = None,
    ) -> None:
        """Keep a reply, then send it: as the end of `stream` where there is one. What fails stays for `resend`.

        `answers` is the passage that it replies to, which counts as handled from here on. Raises SourceForgotten when
        something that the reply was made from is gone by now.
        """
        queued = await self._memory.delivery.queue_reply(home, answers, to_json(outgoing), outgoing.drawn_from)
        if stream is None:
            await self.send_queued(queued, outgoing)
        else:
            await self._transmit(queued, outgoing, stream)

    async def send_queued(self, queued: Outgoing, outgoing: OutgoingReply) -> None:
        """Send a reply that is in the outbox already, behind what is kept for its conversation."""
        kept = self._kept.get(queued.conversation_id)
        if kept:
            # Something older is still waiting there: join it instead of overtaking it.
            kept[queued.id] = 0
            await self.send_kept(queued.conversation_id)
        else:
            await self._transmit(queued, outgoing)

    async def send_unkept(self, outgoing: OutgoingReply, stream: ReplyStream | None = None) -> None:
        """Send a reply of which nothing may be stored. What fails is lost, and the log says so.

        Buttons that would have to be kept are left out.
        """
        if outgoing.reply.choices is not None and outgoing.reply.choices.says:
            outgoing = replace(outgoing, reply=replace(outgoing.reply, choices=None))
        platform = outgoing.conversation.platform
        try:
            await self._hand_over(outgoing, stream)
            self._metrics.replies.labels(platform, "sent").inc()
        except Exception:  # whatever a platform raises, others are served on
            self._metrics.replies.labels(platform, "failed").inc()
            logger.exception("A reply could not be sent to %s, and is lost: nothing is kept there", platform)

    async def take_over(self) -> None:
        """Keep what a process that is gone may not have sent, for `resend`; what is newer goes out behind it."""
        for queued in await self._memory.delivery.claim_unsent(self.platforms):
            self._kept.setdefault(queued.conversation_id, {})[queued.id] = 0

    async def resend(self) -> None:
        """Send what is kept: taken over, or not taken by its platform in this run. What is in flight is left alone."""
        for conversation_id in list(self._kept):
            await self.send_kept(conversation_id)

    async def send_kept(self, conversation_id: int) -> None:
        """Try again what is kept for a conversation, the oldest first, and nothing behind what fails."""
        if not self._kept.get(conversation_id):
            return
        # A new reply and the regular retry may both come here; without the lock each would send the oldest.
        async with self._turns.setdefault(conversation_id, asyncio.Lock()):
            kept = self._kept.get(conversation_id, {})
            for number in sorted(kept):
                queued = await self._memory.delivery.find_unsent(number)
                failures = kept.pop(number)  # put back by `_transmit` if it fails again; it may be forgotten by now
                if queued is not None and not await self._retransmit(queued, failures):
                    break
            if not kept:
                self._kept.pop(conversation_id, None)

    async def settle(self) -> None:
        """Wait until everything that a platform took is marked as sent."""
        await self._marking.wait()

    async def _retransmit(self, queued: Outgoing, failures: int) -> bool:
        """Try a reply again; say whether those behind it may go."""
        try:
            outgoing = from_json(OutgoingReply, queued.payload)
        except ValueError:
            # Trying again will not make it readable, so it must not hold up what is behind it.
            logger.exception("The unsent reply %d can't be read, and stays in the outbox", queued.id)
            return True
        return await self._transmit(queued, outgoing, failures=failures) or failures >= _FAILURES_THAT_HOLD

    async def _transmit(
        self, queued: Outgoing, outgoing: OutgoingReply, stream: ReplyStream | None = None, failures: int = 0
    ) -> bool:
        """Send a reply; when it is not taken it is kept, behind what failed before it."""
        platform = outgoing.conversation.platform
        try:
            ids = await self._hand_over(outgoing, stream)
            await self._mark_sent(queued, self._entry(outgoing, ids), ids[1:])
            self._metrics.replies.labels(platform, "sent").inc()
        except ChatClosed as error:
            self._keep(queued, platform, failures)
            level = logging.DEBUG if failures else logging.WARNING  # it may stay closed for days
            logger.log(level, "A reply on %s is kept until it can be sent: %s", platform, error)
            return False
        except Exception:  # whatever a platform raises, the reply is kept and others are served on
            self._keep(queued, platform, failures)
            logger.exception("A reply could not be sent to %s; it is kept and tried again", platform)
            return False
        return True

    def _keep(self, queued: Outgoing, platform: str, failures: int) -> None:
        self._kept.setdefault(queued.conversation_id, {})[queued.id] = failures + 1
        self._metrics.replies.labels(platform, "failed").inc()

    async def _mark_sent(self, queued: Outgoing, entry: Entry, more_ids: Sequence[str]) -> None:
        """Store a reply as sent, even when the work around it is cancelled now: it would be sent twice otherwise."""
        work = self._memory.delivery.mark_sent(queued, entry, more_ids)
        await asyncio.shield(self._marking.start(work, name=f"reply {queued.id}", context=context_of("")))

    async def _hand_over(self, outgoing: OutgoingReply, stream: ReplyStream | None) -> tuple[str, ...]:
        reply = show_in(self._zone, outgoing.reply)
        if stream is not None:
            return await stream.finish(reply)
        adapter = self._adapters.get(outgoing.conversation.platform)
        if adapter is None:
            raise AdapterError(f"{outgoing.conversation.platform} is not connected")
        return await adapter.send(outgoing.conversation, reply, reply_to=outgoing.reply_to)

    def _entry(self, outgoing: OutgoingReply, ids: tuple[str, ...]) -> Entry:
        return Entry(
            text=write_remembered_text(outgoing.reply),
            said_at=datetime.now(UTC),
            author=self._bot_name,
            kind=outgoing.kind,
            event_id=ids[0] if ids else None,
            reply_to=outgoing.reply_to,
            drawn_from=outgoing.drawn_from,
            cited=outgoing.cited,
        )


def show_in(zone: tzinfo | None, reply: Reply) -> Reply:
    """Return a reply with the times of its sources in this zone; None leaves each in its own."""
    if zone is None or not reply.sources:
        return reply
    sources = tuple(replace(source, said_at=source.said_at.astimezone(zone)) for source in reply.sources)
    return replace(reply, sources=sources)


def write_remembered_text(reply: Reply) -> str:
    """Return what is remembered of a reply: its text, and the names of the files that went with it."""
    names = "\n".join(f"({file.name})" for file in reply.files)
    return "\n".join(part for part in (reply.text, names) if part)
