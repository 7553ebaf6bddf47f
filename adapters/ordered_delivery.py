"""The way into the core that webhooks need: each chat's events in their order, and changes that overtake messages."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.adapter import Deliver, Delivery, Recent
from bot.events import Event, Message, MessageDeleted, MessageEdited, with_file_names

MOST_EARLY = 1000


class OrderedDelivery:
    """Delivers events. What it raises means that nothing was stored: the platform is to send the event again."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._early: Recent[str, str | None] = Recent(MOST_EARLY)

    def turn(self, chat: str) -> AbstractAsyncContextManager[None]:
        """Return what to hold while an event of a chat is read and delivered, so that no other overtakes it."""
        return self._turns.setdefault(chat, asyncio.Lock())

    async def deliver(self, event: Event) -> Delivery:
        """Deliver an event. A change that overtakes its message is kept until that arrives."""
        if isinstance(event, Message):
            return await self._deliver_message(event)
        delivery = await self._deliver(event)
        if delivery is Delivery.REFUSED:
            if isinstance(event, MessageEdited):
                self._early.keep(event.message_id, event.text)
            elif isinstance(event, MessageDeleted):
                for message_id in event.message_ids:
                    self._early.keep(message_id, None)
        return delivery

    async def _deliver_message(self, message: Message) -> Delivery:
        known = self._early.knows(message.event_id)
        text = self._early.take(message.event_id)
        if known and text is None:
            return Delivery.EXPIRED  # deleted already
        if text is not None:
            own_words = text.removesuffix(with_file_names("", message.attachments)).rstrip("\n")
            message = replace(message, text=own_words)
        return await self._deliver(message)
