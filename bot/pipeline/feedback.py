"""What somebody thinks of one of the bot's replies, kept beside it: reactions and commands come to the same."""

from __future__ import annotations

from datetime import datetime

from bot.events import Person
from memory import Conversation, Entry, Memory, Passage, Scope, Selection
from memory.records import FEEDBACK_MARK


async def judge(memory: Memory, reply: Passage, sender: Person, value: int, given_at: datetime) -> None:
    """Keep a judgement of a reply: +1, -1, or 0 to take one back. It replaces an earlier one by the same person.

    It is kept by reference to the question and the reply, which knows what it rests on, so that forgetting any of them
    takes the judgement with it.
    """
    person = await memory.people.ensure(sender.platform, sender.id, sender.name)
    asked = (
        [] if reply.reply_to is None else await memory.passages.find_event(reply.conversation.platform, reply.reply_to)
    )
    questions = [each.id for each in asked if each.conversation.id == reply.conversation.id]
    entry = Entry(
        text=f"feedback {value:+d}",
        said_at=given_at,
        author=sender.name,
        author_id=person.id,
        kind="command",
        event_id=f"{reply.event_id or reply.id}{FEEDBACK_MARK}{sender.id}",
        reply_to=reply.event_id,
        drawn_from=(reply.id, *questions),
    )
    (stored,) = await memory.passages.add(reply.conversation, [entry])
    if not stored.new and entry.event_id is not None:
        await memory.passages.edit(reply.conversation, entry.event_id, entry.text)


async def answer_meant(memory: Memory, home: Conversation, reply_to: str | None) -> Passage | None:
    """Return the answer of a conversation that a message replies to, else the latest one there."""
    if reply_to is not None:
        about = await memory.passages.find_event(home.platform, reply_to)
        meant = [each for each in about if each.kind == "answer" and each.conversation.id == home.id]
        if meant:
            return meant[0]
    answers = Selection(conversation_id=home.id, kinds=("answer",))
    return next(iter(await memory.passages.select(Scope.of_conversation(home.id), answers, limit=1)), None)
