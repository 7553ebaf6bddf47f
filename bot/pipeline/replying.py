"""The replies to one message: grown while they are made, or sent whole."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.access.chat_settings import read_chat_settings
from bot.adapter import Adapter, ReplyStream
from bot.errors import FORGOTTEN_MEANWHILE
from bot.events import Reply
from bot.pipeline.outbox import OutgoingReply, ReplyKind
from bot.pipeline.private_replies import CannotReplyPrivatelyError, PrivateReplies
from bot.pipeline.received import Received
from bot.pipeline.services import Services
from bot.pipeline.splitting import clip_text
from bot.pipeline.stream import PacedStream, Text
from bot.translation import gettext
from memory import Scope, Selection
from memory.errors import SourceForgotten

_QUOTED_CHARS = 80

logger = logging.getLogger(__name__)


class ReplyWriter:
    """Writes the replies to one message. A reply that grows is ended by the next one that is sent, or broken off.

    Where it `is_private`, a group does not see them.
    """

    def __init__(self, services: Services, received: Received) -> None:
        self._services = services
        self._received = received
        self._stream: ReplyStream | None = None
        self.count = 0
        self.is_private = False
        self._private = PrivateReplies(services, received.message)

    @asynccontextmanager
    async def growing(self) -> AsyncIterator[Callable[[Text], None]]:
        """Open a reply that grows; the next reply that is sent completes it."""
        message = self._received.message
        adapter = self._services.outbox.adapter(message.conversation.platform)
        if adapter is None or self._is_hidden:
            yield lambda _: None
            return
        if self._stream is None:
            # What waits for this chat goes first: once a growing reply is shown, nothing can be put before it.
            await self._services.outbox.send_kept(self._received.conversation.id)
            self._stream = await adapter.begin(message)
        if not await self._streams(adapter):
            yield lambda _: None
            return
        async with PacedStream(self._stream, adapter.limits, message.conversation.kind) as paced:
            yield paced.grow

    async def _streams(self, adapter: Adapter) -> bool:
        """Say whether replies are shown here as they grow."""
        if not adapter.limits.streaming:
            return False
        received = self._received
        settings = await read_chat_settings(self._services.memory, received.conversation, received.message.conversation)
        return settings.streaming

    async def send(
        self, reply: Reply, kind: ReplyKind, drawn_from: tuple[int, ...], cited: tuple[int, ...] = ()
    ) -> None:
        """Send a reply through the outbox, stored where anything may be stored.

        It goes with any of the passages in `drawn_from`. Where one is gone already, that is said instead.
        """
        await self._send(reply, kind, drawn_from, cited)
        self._services.acknowledgements.clear(self._received.message)

    async def _send(self, reply: Reply, kind: ReplyKind, drawn_from: tuple[int, ...], cited: tuple[int, ...]) -> None:
        received, message = self._received, self._received.message
        stream, self._stream = self._stream, None
        self.count += 1
        if self._is_hidden:
            return await self._send_privately(reply)
        if stream is not None and reply.files and not reply.text:  # something has to take the place of what has grown
            reply = replace(reply, text="\n".join(file.name for file in reply.files))
        if kind == "answer":
            reply = self._quote_if_needed(reply)
        outgoing = OutgoingReply(message.conversation, reply, message.event_id, kind, drawn_from, cited)
        # Asked again: the memory may have been switched off while this was being answered.
        if received.passage_id is None or not await self._services.access.gate.keeps(
            message.sender, message.conversation
        ):
            return await self._services.outbox.send_unkept(outgoing, stream)
        try:
            await self._send_kept(outgoing, stream)
        except Exception:
            self._stream = stream  # it was not stored, so not sent: what has grown must still be ended
            raise
        return None

    async def _send_privately(self, reply: Reply) -> None:
        try:
            await self._private.send(reply)
        except CannotReplyPrivatelyError:
            self.is_private = False  # what is said instead is for the group
            raise

    @property
    def _is_hidden(self) -> bool:
        return self.is_private and self._received.message.conversation.kind == "group"

    def _quote_if_needed(self, reply: Reply) -> Reply:
        message = self._received.message
        latest = self._services.dialogue.latest.get(self._received.lane)
        if message.conversation.kind == "group" or latest in (None, message.event_id):
            return reply
        return replace(reply, quoted=clip_text(" ".join(message.text_with_file_names.split()), _QUOTED_CHARS))

    async def _send_kept(self, outgoing: OutgoingReply, stream: ReplyStream | None) -> None:
        received, services = self._received, self._services
        home = received.conversation
        try:
            await services.dialogue.buttons.keep(outgoing.reply, home, received.message.sender, outgoing.drawn_from)
            await services.outbox.send(outgoing, home, received.passage_id, stream)
        except SourceForgotten:
            # A source was forgotten while the answer was written; sending it would tell the forgotten text again.
            said = replace(outgoing, reply=Reply(gettext(FORGOTTEN_MEANWHILE)), kind="command", drawn_from=(), cited=())
            chosen = Selection(passage_ids=tuple(received.own))
            there = await services.memory.passages.select(Scope.all(), chosen, limit=1) if chosen.passage_ids else ()
            try:
                await services.outbox.send(said, home, received.passage_id if there else None, stream)
            except SourceForgotten:  # nothing is left of the whole conversation: it is not begun again
                await services.outbox.send_unkept(said, stream)

    async def break_off(self, sentence: str) -> None:
        """End a reply that has begun to grow, so that no half of one is left standing."""
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                await stream.fail(sentence)
            except Exception:  # the platform may be gone; the message is not lost for that
                logger.warning("A reply that was broken off could not be ended", exc_info=True)
