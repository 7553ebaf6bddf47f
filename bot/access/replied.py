"""The message that another one replies to, as it is remembered."""

from __future__ import annotations

from bot.events import Message
from memory import ConversationRecord, Memory, Passage


async def find_replied(memory: Memory, message: Message, home: ConversationRecord) -> Passage | None:
    """Return what a message in `home` replies to, if it is remembered there, or in the group that a thread is in."""
    if message.reply_to is None:
        return None
    found = await memory.passages.find_event(home.platform, message.reply_to)
    here = [passage for passage in found if passage.conversation.id == home.id]
    parent = message.conversation.parent
    if parent is not None:
        here += [passage for passage in found if passage.conversation.external_id == parent.key]
    return next(iter(here), None)
