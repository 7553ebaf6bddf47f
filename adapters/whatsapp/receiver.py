"""The way from WhatsApp into the core: each chat's messages in their order, different chats side by side."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable

from adapters.ordered_delivery import OrderedDelivery
from adapters.whatsapp.failures import read_code, read_details
from adapters.whatsapp.incoming import conversation_of, read_event, said_at
from adapters.whatsapp.payloads import Batch, as_object
from adapters.whatsapp.places import PLATFORM, Json
from adapters.whatsapp.statuses import DeliveryStatuses
from adapters.whatsapp.window import ServiceWindows
from bot.adapter import Deliver, Delivery, Recent, describe_problem
from bot.events import Choice, Conversation, Event, Feedback, Message, UnreadableUpdate

logger = logging.getLogger(__name__)

MOST_PRESSES = 1000

Afterwards = Callable[[Json, Event, Delivery], None]
"""Is told what became of a message's event, and waits for nothing."""


class MessageReceiver:
    """Delivers what the bot's number was told, and says whether all of it is stored."""

    def __init__(
        self,
        number: str,
        deliver: Deliver,
        windows: ServiceWindows,
        statuses: DeliveryStatuses,
        afterwards: Afterwards,
    ) -> None:
        self._number = number
        self._delivery = OrderedDelivery(deliver)
        self._windows = windows
        self._statuses = statuses
        self._afterwards = afterwards
        self._pressed: Recent[str, bool] = Recent(MOST_PRESSES)
        self._others: set[str] = set()

    async def take(self, batches: list[Batch]) -> bool:
        """Deliver batches; False when anything of them was not stored, so that Meta posts them again."""
        chats: defaultdict[str, list[tuple[object, Batch]]] = defaultdict(list)
        for batch in batches:
            if batch.number != self._number:
                self._pass_over(batch.number)
                continue
            self._note_news(batch)
            for message in batch.messages:
                chats[_chat_of(message)].append((message, batch))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._take_in_order(chat, each)) for chat, each in chats.items()]
        return all(task.result() for task in tasks)

    async def set_aside(self, payload: str, error: Exception, place: Conversation | None = None) -> bool:
        """Have what can't be understood kept as it came; False when that could not be stored."""
        place = place or Conversation(PLATFORM, "")
        return await self._try_deliver(UnreadableUpdate(place, payload, describe_problem(error))) is not None

    async def _take_in_order(self, chat: str, messages: list[tuple[object, Batch]]) -> bool:
        async with self._delivery.turn(chat):
            for message, batch in sorted(messages, key=lambda each: _time_of(each[0])):
                if not await self._take(message, batch):
                    return False
        return True

    async def _take(self, message: object, batch: Batch) -> bool:
        try:
            raw = as_object(message)
            event = read_event(raw, batch)
        except Exception as error:  # noqa: BLE001 (one message that is not understood must not keep all later ones away)
            return await self.set_aside(json.dumps(message), error)
        return event is None or await self._deliver(raw, event)

    async def _deliver(self, message: Json, event: Event) -> bool:
        if isinstance(event, Choice) and self._pressed.knows(str(message["id"])):
            return True  # nothing of a press is stored, so it is known here whether it came before
        if not isinstance(event, Feedback):
            self._windows.note_message(conversation_of(message).id, said_at(message))
        delivery = await self._try_deliver(event)
        if delivery is None:
            return False
        if isinstance(event, Choice):
            self._pressed.keep(str(message["id"]), value=True)
        self._afterwards(message, event, delivery)
        return True

    async def _try_deliver(self, event: Event) -> Delivery | None:
        """Deliver an event; None when it was not stored."""
        try:
            return await self._delivery.deliver(event)
        except Exception:
            kind = "A message" if isinstance(event, Message) else "News"
            logger.exception("%s from WhatsApp could not be stored; Meta keeps it, and it is tried again", kind)
            return None

    def _note_news(self, batch: Batch) -> None:
        for status in batch.statuses:
            self._statuses.note(status)
        for error in batch.errors:
            logger.warning("WhatsApp tells of an error: %s (%d)", read_details(error), read_code(error))

    def _pass_over(self, number: str) -> None:
        if number not in self._others:
            self._others.add(number)
            logger.warning(
                "Meta also posts what the number with the id %s is told; it is passed over, since "
                "adapters.whatsapp.phone_number_id names another one",
                number or "(none)",
            )


def _chat_of(message: object) -> str:
    """Return the chat whose order a message keeps; "" where that can't be told."""
    try:
        return conversation_of(message).id if isinstance(message, dict) else ""
    except KeyError:
        return ""


def _time_of(message: object) -> int:
    """Return the second in which something was said; 0 where that can't be told."""
    stamp = str(message.get("timestamp", "")) if isinstance(message, dict) else ""
    return int(stamp) if stamp.isascii() and stamp.isdecimal() else 0
