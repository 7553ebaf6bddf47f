"""Replies while they are being written: WhatsApp can't change what was sent, so it shows that the bot is typing."""

from __future__ import annotations

from adapters.typing_signs import TypingSign
from adapters.whatsapp.places import Recipient
from adapters.whatsapp.sending import WhatsAppSender
from bot.events import Reply


class WhatsAppReply:
    """A reply to one message, which is sent when it is whole."""

    def __init__(self, sender: WhatsAppSender, chat: Recipient, message: str, sign: TypingSign) -> None:
        self._sender = sender
        self._chat = chat
        self._message = message
        self._sign = sign

    async def grow(self, text: str) -> None:
        """Show nothing."""

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Send the whole reply."""
        self._sign.stop()
        return await self._sender.reply(self._chat, reply, find_quoted(self._chat, reply, self._message))

    async def fail(self, text: str) -> None:
        """Send this sentence instead."""
        await self.finish(Reply(text))


def find_quoted(chat: Recipient, reply: Reply, message: str | None) -> str | None:
    """Return the message that a reply quotes: in groups, and where it is not plain which one it answers."""
    return message if reply.quoted or not chat.direct else None
