"""Replies for one person alone, given in a group: where the platform can show them there, else in a direct chat."""

from __future__ import annotations

import logging

from bot.adapter import SendsPrivately
from bot.errors import AdapterError
from bot.events import Message, Reply
from bot.pipeline.outbox import OutgoingReply
from bot.pipeline.services import Services
from memory.access_records import Account

logger = logging.getLogger(__name__)

_SENT = "I've sent you that directly."
_CANNOT = "That is for you alone: send me the command in a direct chat."


async def send_privately(services: Services, message: Message, reply: Reply) -> None:
    """Show a reply to the sender of a message in a group; the group gets a word where that was elsewhere.

    Nothing of it is stored: what is stored of a group, its members may read.
    """
    shown = await _show(services, message, reply)
    if shown != "here":
        word = Reply(_CANNOT if shown is None else _SENT)
        await services.outbox.send_unkept(OutgoingReply(message.conversation, word, message.event_id, "command"))


async def _show(services: Services, message: Message, reply: Reply) -> str | None:
    adapter: object = services.outbox.adapter(message.conversation.platform)
    try:
        if isinstance(adapter, SendsPrivately):
            shown = await adapter.send_privately(message, reply)
            if shown is not None:
                return shown
    except AdapterError:
        logger.warning("A private reply was not taken; it goes to the direct chat that is known", exc_info=True)
    sender = message.sender
    told = await services.access.direct_chats.tell(Account(sender.platform, sender.id), reply, kept=False)
    return "direct" if told else None
