"""The way from Slack into the core: each channel's events in their order, different channels side by side."""

from __future__ import annotations

import json

from aiohttp import ClientError

from adapters.ordered_delivery import OrderedDelivery
from adapters.slack.api import Json
from adapters.slack.incoming import SlackIncoming
from adapters.slack.places import PLATFORM
from bot.adapter import Deliver, describe_problem
from bot.errors import AdapterError
from bot.events import Conversation, Message, UnreadableUpdate


class EventReceiver:
    """Delivers events. When a method raises, nothing was stored, and Slack is to send the event again."""

    def __init__(self, incoming: SlackIncoming, deliver: Deliver) -> None:
        self._incoming = incoming
        self._delivery = OrderedDelivery(deliver)

    async def take(self, raw: Json) -> None:
        """Deliver what an event means to the core, if it means anything."""
        async with self._delivery.turn(_channel_of(raw)):
            try:
                event = await self._incoming.event(raw)
            except (AdapterError, OSError, ClientError):  # Slack must be asked something, and can't be just now
                raise
            except Exception as error:  # noqa: BLE001 (it would come again and again)
                await self.set_aside(raw, error)
                return
            if event is not None:
                await self._delivery.deliver(event)

    async def set_aside(self, raw: object, error: Exception) -> None:
        """Have what can't be understood kept as it came."""
        payload = raw if isinstance(raw, str) else json.dumps(raw, default=repr)
        await self._delivery.deliver(UnreadableUpdate(Conversation(PLATFORM, ""), payload, describe_problem(error)))

    async def take_message(self, message: Message) -> None:
        """Deliver a message other than an event: the use of a slash command."""
        async with self._delivery.turn(message.conversation.id):
            await self._delivery.deliver(message)


def _channel_of(event: Json) -> str:
    item = event.get("item")
    return str(event.get("channel") or (isinstance(item, dict) and item.get("channel")) or "")
