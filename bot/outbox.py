"""The way out: a reply is stored before it is sent, and counts as sent only when its platform has taken it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bot.adapter import Adapter, ReplyStream
from bot.errors import AdapterError
from bot.events import Conversation, Reply, from_json, to_json
from bot.metrics import Metrics
from bot.plugin_tasks import owned_by
from memory import Entry, Memory, Outgoing, Stored, records

logger = logging.getLogger(__name__)

ReplyKind = Literal["answer", "command"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A reply with its address, as it is kept in the outbox.

    `kind` is "answer" for what belongs to a conversation's history, "command" for what a command said. `cited` are
    those of the passages in `drawn_from` that it names as its sources.
    """

    conversation: Conversation
    reply: Reply
    reply_to: str | None
    kind: ReplyKind
    drawn_from: tuple[int, ...] = ()
    cited: tuple[int, ...] = ()


class Outbox:
    """Sends replies through the adapters, each exactly once unless the process dies while one is being sent."""

    def __init__(self, memory: Memory, bot_name: str, metrics: Metrics) -> None:
        self._memory = memory
        self._bot_name = bot_name
        self._metrics = metrics
        self._adapters: dict[str, Adapter] = {}
        self._kept: set[int] = set()
        self._marking: set[asyncio.Task[Stored]] = set()

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
        self, parcel: Parcel, home: records.Conversation, answers: int | None, stream: ReplyStream | None = None
    ) -> None:
        """Keep a reply, then send it: as the end of `stream` where there is one. What fails stays for `resend`.

        `answers` is the passage that it replies to, which counts as handled from here on.
        """
        outgoing = await self._memory.queue_reply(home, answers, to_json(parcel))
        await self._transmit(outgoing, parcel, stream)

    async def send_queued(self, outgoing: Outgoing, parcel: Parcel) -> None:
        """Send a reply that is in the outbox already. What fails stays for `resend`."""
        await self._transmit(outgoing, parcel, None)

    async def send_unkept(self, parcel: Parcel, stream: ReplyStream | None = None) -> None:
        """Send a reply of which nothing may be stored. What fails is lost, and the log says so."""
        platform = parcel.conversation.platform
        try:
            await self._handed_over(parcel, stream)
            self._metrics.replies.labels(platform, "sent").inc()
        except Exception:  # whatever a platform raises, others are served on
            self._metrics.replies.labels(platform, "failed").inc()
            logger.exception("A reply could not be sent to %s, and is lost: nothing is kept there", platform)

    async def resume(self) -> None:
        """Send what a process that is gone may not have sent. To be called before anything new is."""
        await self._retransmit(await self._memory.claim_unsent(self.platforms))

    async def resend(self) -> None:
        """Try again what a platform did not take in this run; what is in flight is left alone."""
        if self._kept:
            await self._retransmit([each for each in await self._memory.unsent() if each.id in self._kept])

    async def settled(self) -> None:
        """Wait until everything that a platform took is marked as sent."""
        if self._marking:
            await asyncio.wait(self._marking)

    async def _retransmit(self, unsent: Sequence[Outgoing]) -> None:
        for outgoing in unsent:
            try:
                parcel = from_json(Parcel, outgoing.payload)
            except ValueError:
                logger.exception("The unsent reply %d can't be read, and stays in the outbox", outgoing.id)
                continue
            if parcel.conversation.platform in self._adapters:
                await self._transmit(outgoing, parcel, None)

    async def _transmit(self, outgoing: Outgoing, parcel: Parcel, stream: ReplyStream | None) -> None:
        platform = parcel.conversation.platform
        self._kept.discard(outgoing.id)
        try:
            ids = await self._handed_over(parcel, stream)
            await self._mark_sent(outgoing, self._entry(parcel, ids), ids[1:])
            self._metrics.replies.labels(platform, "sent").inc()
        except Exception:  # whatever a platform raises, the reply is kept and others are served on
            self._kept.add(outgoing.id)
            self._metrics.replies.labels(platform, "failed").inc()
            logger.exception("A reply could not be sent to %s; it is kept and tried again", platform)

    async def _mark_sent(self, outgoing: Outgoing, entry: Entry, more_ids: Sequence[str]) -> None:
        """Store a reply as sent, even when the work around it is cancelled now: it would be sent twice otherwise."""
        work = self._memory.reply_sent(outgoing, entry, more_ids)
        marking = asyncio.create_task(work, name=f"reply {outgoing.id}", context=owned_by(""))
        self._marking.add(marking)
        marking.add_done_callback(self._marking.discard)
        await asyncio.shield(marking)

    async def _handed_over(self, parcel: Parcel, stream: ReplyStream | None) -> tuple[str, ...]:
        if stream is not None:
            return await stream.finish(parcel.reply)
        adapter = self._adapters.get(parcel.conversation.platform)
        if adapter is None:
            raise AdapterError(f"{parcel.conversation.platform} is not connected")
        return await adapter.send(parcel.conversation, parcel.reply, reply_to=parcel.reply_to)

    def _entry(self, parcel: Parcel, ids: tuple[str, ...]) -> Entry:
        return Entry(
            text=said_text(parcel.reply),
            said_at=datetime.now(UTC),
            author=self._bot_name,
            kind=parcel.kind,
            event_id=ids[0] if ids else None,
            reply_to=parcel.reply_to,
            drawn_from=parcel.drawn_from,
            cited=parcel.cited,
        )


def said_text(reply: Reply) -> str:
    """Return what is remembered of a reply: its text, and the names of the files that went with it."""
    names = "\n".join(f"({file.name})" for file in reply.files)
    return "\n".join(part for part in (reply.text, names) if part)
