"""The way from Slack into the core: each channel's events in their order, different channels side by side."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from weakref import WeakValueDictionary

from aiohttp import ClientError

from adapters.slack.api import Json
from adapters.slack.incoming import SlackIncoming
from adapters.slack.places import PLATFORM
from bot.adapter import Deliver, Delivery, Recent, describe_problem
from bot.errors import AdapterError
from bot.events import Conversation, Event, Message, MessageDeleted, MessageEdited, UnreadableUpdate

MOST_EARLY = 1000


class EventReceiver:
    """Delivers events. When a method raises, nothing was stored, and Slack is to send the event again."""

    def __init__(self, incoming: SlackIncoming, deliver: Deliver) -> None:
        self._incoming = incoming
        self._deliver = deliver
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._early: Recent[str, str | None] = Recent(MOST_EARLY)

    async def take(self, raw: Json) -> None:
        """Deliver what an event means to the core, if it means anything."""
        async with self._turn(_channel_of(raw)):
            try:
                event = await self._incoming.event(raw)
            except (AdapterError, OSError, ClientError):  # Slack must be asked something, and can't be just now
                raise
            except Exception as error:  # noqa: BLE001 (it would come again and again)
                await self.set_aside(raw, error)
                return
            if event is not None:
                await self._deliver_event(event)

    async def set_aside(self, raw: object, error: Exception) -> None:
        """Have what can't be understood kept as it came."""
        payload = raw if isinstance(raw, str) else json.dumps(raw, default=repr)
        await self._deliver(UnreadableUpdate(Conversation(PLATFORM, ""), payload, describe_problem(error)))

    async def take_message(self, message: Message) -> None:
        """Deliver a message other than an event: the use of a slash command."""
        async with self._turn(message.conversation.id):
            await self._deliver(message)

    async def _deliver_event(self, event: Event) -> None:
        """Deliver an event. A change that overtakes its message is kept until that arrives."""
        if isinstance(event, Message):
            known = self._early.knows(event.event_id)
            text = self._early.take(event.event_id)
            if known and text is None:
                return  # deleted already
            await self._deliver(replace(event, text=text) if text is not None else event)
        elif await self._deliver(event) is Delivery.REFUSED:
            if isinstance(event, MessageEdited):
                self._early.keep(event.message_id, event.text)
            elif isinstance(event, MessageDeleted):
                for message_id in event.message_ids:
                    self._early.keep(message_id, None)

    def _turn(self, channel: str) -> asyncio.Lock:
        return self._turns.setdefault(channel, asyncio.Lock())


def _channel_of(event: Json) -> str:
    item = event.get("item")
    return str(event.get("channel") or (isinstance(item, dict) and item.get("channel")) or "")
