"""The way from Telegram into the core: each chat's updates in their order, different chats side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from weakref import WeakValueDictionary

from telegram import Update

from adapters.telegram.buttons import PressAnswers
from adapters.telegram.incoming import TelegramIncoming
from adapters.telegram.payloads import unreadable_part
from adapters.telegram.places import PLATFORM
from bot.adapter import Deliver, Delivery, describe_problem
from bot.events import Conversation, Event, UnreadableUpdate

logger = logging.getLogger(__name__)


class UpdateReceiver:
    """Delivers updates, and says which of them Telegram must keep."""

    def __init__(self, incoming: TelegramIncoming, deliver: Deliver, presses: PressAnswers) -> None:
        self._incoming = incoming
        self._deliver = deliver
        self._presses = presses
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def take(self, updates: Sequence[Update]) -> int | None:
        """Deliver updates; return the id of the first one that was not stored, None when all are.

        The result of a poll names no chat, so it waits until all else is delivered: its poll may be among that.
        """
        results = [update for update in updates if update.poll is not None]
        others = [update for update in updates if update.poll is None]
        left = [number for part in (others, results) if (number := await self._take_side_by_side(part)) is not None]
        return min(left, default=None)

    async def _take_side_by_side(self, updates: Sequence[Update]) -> int | None:
        chats: defaultdict[int, list[Update]] = defaultdict(list)
        for update in sorted(updates, key=lambda update: update.update_id):
            chats[_chat_of(update)].append(update)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._take_in_order(chat, each)) for chat, each in chats.items()]
        return min((left for task in tasks if (left := task.result()) is not None), default=None)

    async def _take_in_order(self, chat: int, updates: Sequence[Update]) -> int | None:
        turn = self._turns.setdefault(chat, asyncio.Lock())
        async with turn:
            for update in updates:
                event = self._event(update)
                delivery = Delivery.EXPIRED if event is None else await self._try_deliver(event)
                if delivery is None:
                    return update.update_id
                if update.callback_query is not None:
                    self._presses.answer(update.callback_query, delivery)
        return None

    async def _try_deliver(self, event: Event) -> Delivery | None:
        """Deliver an event; None when it was not stored."""
        try:
            return await self._deliver(event)
        except Exception:
            logger.exception("A message from Telegram could not be stored; Telegram keeps it, and it is tried again")
            return None

    def _event(self, update: Update) -> Event | None:
        unreadable = unreadable_part(update)
        if unreadable is not None:
            return UnreadableUpdate(Conversation(PLATFORM, ""), *unreadable)
        try:
            _log_move(update)
            return self._incoming.event(update)
        except Exception as error:  # noqa: BLE001 (one update that is not understood must not keep all later ones away)
            return UnreadableUpdate(Conversation(PLATFORM, ""), update.to_json(), describe_problem(error))


def _chat_of(update: Update) -> int:
    """Return the chat whose order an update keeps; 0 for none, or where something else stands in its place."""
    try:
        chat = update.effective_chat
        return int(chat.id) if chat is not None else 0
    except (AttributeError, TypeError, ValueError):
        return 0


def _log_move(update: Update) -> None:
    message = update.message
    if message is not None and message.migrate_to_chat_id is not None:
        logger.warning(
            'The Telegram group "%s" became a supergroup: its id was %d and is now %d. What is remembered and decided '
            "goes on under the new one; where the settings name the old one, name the new one",
            message.chat.title,
            message.chat.id,
            message.migrate_to_chat_id,
        )
