"""Looks whether replies wait to be sent, and for which platforms."""

from __future__ import annotations

from collections import Counter

from bot.answering.opening import open_memory
from bot.configuration.findings import Finding
from bot.configuration.settings import Settings
from bot.events import from_json
from bot.pipeline.outbox import OutgoingReply
from bot.translation import gettext
from memory import Outgoing
from memory.errors import MemoryStoreError


async def check_replies(name: str, settings: Settings) -> Finding:
    """Count what platforms have not taken yet: WhatsApp takes nothing after 24 hours, others may be down."""
    try:
        async with open_memory(settings) as memory:
            unsent = await memory.delivery.list_unsent()
    except MemoryStoreError:
        return Finding(name, "note", gettext("the memory can't be read"), gettext("repair the database first"))
    if not unsent:
        return Finding(name, "ok", gettext("every reply was sent"))
    counts = Counter(map(_platform_of, unsent))
    told = ", ".join(
        gettext("{count} of {platform}", count=count, platform=platform) for platform, count in sorted(counts.items())
    )
    mend = gettext("they are sent as soon as the platform accepts them; the log of `scrubjay run` says what keeps them")
    return Finding(name, "note", gettext("replies wait to be sent: {told}", told=told), mend)


def _platform_of(outgoing: Outgoing) -> str:
    try:
        return from_json(OutgoingReply, outgoing.payload).conversation.platform
    except ValueError:
        return "?"
