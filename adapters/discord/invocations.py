"""Slash commands that wait for their answer: acknowledged in time, and answered as long as their tokens live."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord

from adapters.discord.reply_targets import InteractionTarget
from bot.adapter import Delivery
from bot.translation import gettext_noop

ACKNOWLEDGE_SECONDS = 1.5
"""Discord gives three, the way there and back included."""

TOKEN_LIFE = timedelta(minutes=14)
"""Discord's are fifteen minutes, after which an answer goes into the channel as any other message."""

NOT_ADMITTED = gettext_noop("I may not talk with you here yet. My owner can let you in.")
NOT_TAKEN = gettext_noop("Sorry, I could not take that. Please try again in a moment.")


class OpenInteractions:
    """The uses of slash commands by their event ids."""

    def __init__(self) -> None:
        self._targets: dict[str, InteractionTarget] = {}

    def open(self, event_id: str, interaction: discord.Interaction, *, alone: bool = False) -> None:
        """Keep the use of a command that is to be delivered, and may be for its user alone."""
        self._drop_old()
        self._targets[event_id] = InteractionTarget(interaction, alone=alone)

    async def acknowledge(self, event_id: str, delivery: asyncio.Future[Delivery]) -> None:
        """Acknowledge a command to Discord: once it is stored, or when that takes too long."""
        target = self._targets[event_id]
        try:
            await asyncio.wait({delivery}, timeout=ACKNOWLEDGE_SECONDS)
            if not delivery.done():
                await target.acknowledge()
            if await delivery is Delivery.REFUSED:
                await target.refuse(NOT_ADMITTED)
            else:
                await target.acknowledge()
        except Exception:
            await target.refuse(NOT_TAKEN)
            raise

    async def target(self, event_id: str) -> InteractionTarget | None:
        """Return the way to answer a command; None for other messages, and when its token has expired."""
        self._drop_old()
        target = self._targets.get(event_id)
        return target if target is not None and await target.acknowledge() else None

    def _drop_old(self) -> None:
        oldest = discord.utils.utcnow() - TOKEN_LIFE
        for event_id in [each for each, target in self._targets.items() if target.used_at < oldest]:
            del self._targets[event_id]
