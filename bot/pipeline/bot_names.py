"""Which of several bots on one platform heard an event: the core writes that bot's name into it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from bot.adapter import Deliver, Delivery
from bot.events import Conversation, Event, Message, platform_of

E = TypeVar("E", bound=Event)


def deliver_as(bot: str, deliver: Deliver) -> Deliver:
    """Return what delivers events as a bot's: an adapter knows its platform, and need not know which bot it is."""
    if bot == platform_of(bot):
        return deliver

    async def deliver_named(event: Event) -> Delivery:
        return await deliver(name_bot(event, bot))

    return deliver_named


def name_bot(event: E, bot: str) -> E:
    """Return an event in whose conversations a bot's name stands in the place of its platform's."""
    named = replace(event, conversation=_name(event.conversation, bot))
    if isinstance(named, Message) and named.replied is not None:
        return replace(named, replied=name_bot(named.replied, bot))
    return named


def _name(place: Conversation, bot: str) -> Conversation:
    return replace(place, platform=bot) if place.platform == platform_of(bot) else place
