"""Replies, whole and while they are being written."""

from __future__ import annotations

import logging

import discord

from adapters.discord.buttons import view_of
from adapters.discord.failures import UNREACHABLE, explain, is_for_good
from adapters.discord.layout import parts_of, preview_of
from adapters.discord.reply_targets import NOTHING, Extras, ReplyTarget, nonce_of, random_nonce
from adapters.typing_signs import TypingSign
from bot.errors import AdapterError
from bot.events import Reply

logger = logging.getLogger(__name__)


async def send(target: ReplyTarget, reply: Reply, reply_to: str | None, grown: int | None = None) -> tuple[str, ...]:
    """Send a reply in parts, the first in place of the message `grown`.

    A channel that is gone, or closed to the bot, gets nothing more. Raises AdapterError when trying again may help.
    """
    messages = _messages(reply)
    sent: list[int] = []
    try:
        for number, (part, extras) in enumerate(messages):
            nonce = nonce_of(reply_to, number, part) if len(messages) > 1 else random_nonce()
            if number or grown is None or extras.files or not await _try_edit(target, grown, part, extras):
                sent.append(await target.create(part, nonce, extras))
            else:
                sent.append(grown)
    except UNREACHABLE as error:
        if not is_for_good(error):
            raise AdapterError(f"Discord did not take the reply: {explain(error)}") from error
        logger.warning("Discord refuses a reply for good: %s", explain(error))
    return tuple(target.event_id(message) for message in sent)


def _messages(reply: Reply) -> list[tuple[str, Extras]]:
    """Return the messages of a reply: buttons stand under the last part of its text, files come after it."""
    messages = [(part, NOTHING) for part in parts_of(reply)]
    if messages and reply.choices is not None:
        messages[-1] = messages[-1][0], Extras(view_of(reply.choices))
    return [*messages, ("", Extras(files=reply.files))] if reply.files else messages


async def _try_edit(target: ReplyTarget, message: int, text: str, extras: Extras = NOTHING) -> bool:
    """Change a message; False when somebody has deleted it."""
    try:
        await target.edit(message, text, extras)
    except discord.NotFound:
        return False
    return True


class GrowingReply:
    """A reply that is sent with its first words and edited while it grows."""

    def __init__(self, target: ReplyTarget, reply_to: str, sign: TypingSign | None) -> None:
        self._target = target
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
            self._message = await self._target.create(part, random_nonce())
        elif not await _try_edit(self._target, self._message, part):
            self._message, self._gone = None, True

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Put the whole reply where it has grown."""
        self._stop_sign()
        return await send(self._target, reply, self._reply_to, self._message)

    async def fail(self, text: str) -> None:
        """Put this sentence there instead."""
        await self.finish(Reply(text))

    def _stop_sign(self) -> None:
        if self._sign is not None:
            self._sign.stop()
