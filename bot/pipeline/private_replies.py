"""Replies for one person alone, given in a group: where the platform can show them there, else in a direct chat."""

from __future__ import annotations

import logging
from typing import Literal

from bot.adapter import SendsPrivately
from bot.errors import AdapterError, CommandError
from bot.events import Message, Reply
from bot.pipeline.outbox import OutgoingReply
from bot.pipeline.services import Services
from bot.translation import gettext, gettext_noop
from memory.access_records import Account

logger = logging.getLogger(__name__)

_SENT = gettext_noop("I've sent you that directly.")
_CANNOT = gettext_noop("That is for you alone: send me the command in a direct chat.")


class PrivateReplies:
    """Shows the replies to one message in a group to its sender alone; of what goes elsewhere the group is told once.

    Nothing of them is stored: what is stored of a group, its members may read.
    """

    def __init__(self, services: Services, message: Message) -> None:
        self._services = services
        self._message = message
        self._said: set[str] = set()

    async def send(self, reply: Reply) -> None:
        """Send one. Raises CannotReplyPrivatelyError for a question that its sender can't be asked."""
        shown = await _show(self._services, self._message, reply)
        if shown is None and reply.choices is not None:
            raise CannotReplyPrivatelyError(gettext(_CANNOT))
        if shown != "here":
            await self._say_in_group(gettext(_CANNOT if shown is None else _SENT))

    async def _say_in_group(self, sentence: str) -> None:
        if sentence in self._said:
            return
        self._said.add(sentence)
        message = self._message
        outgoing = OutgoingReply(message.conversation, Reply(sentence), message.event_id, "command")
        await self._services.outbox.send_unkept(outgoing)


class CannotReplyPrivatelyError(CommandError):
    """A question for one person alone can be shown to them nowhere: its text, which a group may read, says so."""


async def _show(services: Services, message: Message, reply: Reply) -> Literal["here", "direct"] | None:
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
