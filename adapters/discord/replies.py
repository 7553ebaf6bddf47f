"""Replies, whole and while they are being written."""

from __future__ import annotations

import logging

import discord

from adapters.discord.failures import UNREACHABLE, explained
from adapters.discord.layout import parts_of, preview_of
from adapters.discord.outlets import Outlet, any_nonce, nonce_of
from adapters.discord.typing_signs import TypingSign
from bot.errors import AdapterError
from bot.events import Reply

logger = logging.getLogger(__name__)


async def send(outlet: Outlet, reply: Reply, reply_to: str | None, grown: int | None = None) -> tuple[str, ...]:
    """Send a reply in parts, the first in place of the message `grown`. Raises AdapterError."""
    parts = parts_of(reply)
    try:
        sent = []
        for number, part in enumerate(parts):
            nonce = nonce_of(reply_to, number, part) if len(parts) > 1 else any_nonce()
            if number or grown is None or not await _edited(outlet, grown, part):
                sent.append(await outlet.create(part, nonce))
            else:
                sent.append(grown)
    except UNREACHABLE as error:
        raise AdapterError(f"Discord did not take the reply: {explained(error)}") from error
    return tuple(outlet.event_id(message) for message in sent)


async def _edited(outlet: Outlet, message: int, text: str) -> bool:
    """Change a message; False when somebody has deleted it."""
    try:
        await outlet.edit(message, text)
    except discord.NotFound:
        return False
    return True


class GrowingReply:
    """A reply that is sent with its first words and edited while it grows."""

    def __init__(self, outlet: Outlet, reply_to: str, sign: TypingSign | None) -> None:
        self._outlet = outlet
        self._reply_to = reply_to
        self._sign = sign
        self._message: int | None = None
        self._gone = False

    async def grow(self, text: str) -> None:
        """Show the text so far. Once somebody has deleted it, only the whole is shown again."""
        if self._gone:
            return
        self._stop_sign()
        part = preview_of(text)
        if self._message is None:
            self._message = await self._outlet.create(part, any_nonce())
        elif not await _edited(self._outlet, self._message, part):
            self._message, self._gone = None, True

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Put the whole reply where it has grown."""
        self._stop_sign()
        return await send(self._outlet, reply, self._reply_to, self._message)

    async def fail(self, text: str) -> None:
        """Put this sentence there instead."""
        await self.finish(Reply(text))

    def _stop_sign(self) -> None:
        if self._sign is not None:
            self._sign.stop()
