"""What was missed while the bot was away: since when, and where, for platforms that keep nothing for it."""

from __future__ import annotations

from datetime import datetime

from bot.adapter import Away
from bot.events import Conversation, Event, Message
from memory import Memory

PLACES = 100
"""Chats that are asked for what was said in them; the others are heard of again when something new is said."""


class LastSeen:
    """Notes when each platform was last heard of; `keep` writes it down now and then."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._heard: dict[str, datetime] = {}

    def note(self, event: Event) -> None:
        """Note that an event was taken."""
        if isinstance(event, Message):
            platform = event.conversation.platform
            self._heard[platform] = max(event.sent_at, self._heard.get(platform, event.sent_at))

    async def keep(self) -> None:
        """Write down what has changed: once in a while is enough, since what is stored is not stored again."""
        heard, self._heard = self._heard, {}
        for platform, until in heard.items():
            await self._memory.ledger.last_seen.keep(platform, until)

    async def away(self, platform: str) -> Away | None:
        """Return what may have been missed on a platform; None when the bot has never heard anything there."""
        until = await self._memory.ledger.last_seen.find(platform)
        if until is None:
            return None
        places = []
        for known in await self._memory.conversations.find_latest(platform, limit=PLACES):
            place, _, thread = known.external_id.partition("/")
            places.append(Conversation(platform, place, known.title, known.kind, thread or None))
        return Away(until, tuple(places))
