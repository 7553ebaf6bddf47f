"""Replies while they are being written: previews in direct chats, a message that is edited in groups."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import BadRequest, InvalidToken, RetryAfter

from adapters.telegram.layout import preview_of
from adapters.telegram.places import ChatTopic
from adapters.telegram.rate_limits import GROWTH, TooSoonError
from adapters.telegram.sending import TelegramSender
from adapters.typing_signs import TypingSign
from bot.events import Reply

logger = logging.getLogger(__name__)


SETTLING_SECONDS = 1.0
"""The least time between two changes of a message that Telegram takes without complaint."""


class TelegramEditedReply:
    """A reply that is sent with its first words and edited while it grows, every `seconds` at most."""

    def __init__(
        self,
        sender: TelegramSender,
        place: ChatTopic,
        reply_to: int | None,
        sign: TypingSign,
        seconds: float,
        *,
        quotable: int | None = None,
    ) -> None:
        self._sender = sender
        self._place = place
        self._reply_to = reply_to
        self._quotable = quotable or reply_to
        self._sign = sign
        self._settling = min(SETTLING_SECONDS, seconds)
        self._message: int | None = None
        self._unknown = False
        self._changed_at = 0.0

    async def grow(self, text: str) -> None:
        """Show the text so far, unless the chat has had its share of changes."""
        if self._unknown:
            return
        part = preview_of(text)
        try:
            if self._message is None:
                self._message = await self._sender.message(self._place, part, self._reply_to, GROWTH) or None
                self._unknown = self._message is None  # it was sent, and can't be changed
            else:
                await self._sender.edit(self._place, self._message, part, GROWTH)
            self._changed_at = asyncio.get_running_loop().time()
        except (TooSoonError, RetryAfter):
            return
        except BadRequest as error:
            if self._message is None or "not found" not in error.message.lower():
                raise
            self._message = None  # somebody deleted it: the rest is sent again

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Put the whole reply where it has grown."""
        self._sign.stop()
        if self._message is not None:
            await asyncio.sleep(self._changed_at + self._settling - asyncio.get_running_loop().time())
        reply_to = self._quotable if reply.quoted else self._reply_to
        return await self._sender.reply(self._place, reply, reply_to, self._message)

    async def fail(self, text: str) -> None:
        """Put this sentence there instead."""
        self._sign.stop()
        await self._sender.reply(self._place, Reply(text), self._reply_to, self._message)


class DraftReply:
    """A reply that is shown as a preview while it grows, and sent when it is whole.

    Where Telegram refuses previews it grows by edits (https://core.telegram.org/bots/api#sendmessagedraft).
    """

    def __init__(self, sender: TelegramSender, place: ChatTopic, number: int, sign: TypingSign, seconds: float) -> None:
        self._sender = sender
        self._place = place
        self._number = number
        self._sign = sign
        self._edited = TelegramEditedReply(sender, place, None, sign, seconds, quotable=number)
        self._refused = False

    async def grow(self, text: str) -> None:
        """Show the text so far."""
        if self._refused:
            await self._edited.grow(text)
            return
        try:
            await self._sender.draft(self._place, self._number, preview_of(text))
        except (TooSoonError, RetryAfter):
            return
        except (BadRequest, InvalidToken) as error:  # a server that has no such method answers as to a wrong token
            logger.info("Telegram shows no previews in chat %d: %s", self._place.chat, error.message)
            self._refused = True
            await self._edited.grow(text)

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Send the whole reply; it takes the preview's place."""
        return await self._edited.finish(reply)

    async def fail(self, text: str) -> None:
        """Send this sentence instead."""
        await self._edited.fail(text)
