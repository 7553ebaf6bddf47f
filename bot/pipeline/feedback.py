"""What somebody thinks of one of the bot's replies, kept beside it: reactions and commands come to the same."""

from __future__ import annotations

from datetime import datetime

from bot.events import Person
from memory import ConversationRecord, Memory, Passage, Scope, Selection


async def judge(memory: Memory, reply: Passage, sender: Person, value: int, given_at: datetime) -> None:
    """Keep a judgement of a reply: +1, -1, or 0 to take one back. It replaces an earlier one by the same person.

    It refers to the question and to the reply, which knows what it rests on: forgetting any of them takes the judgement
    with it.
    """
    person = await memory.people.ensure(sender.platform, sender.id, sender.name)
    await memory.judgements.keep(reply.id, person.id, value, given_at)


async def answer_meant(memory: Memory, home: ConversationRecord, reply_to: str | None) -> Passage | None:
    """Return the answer of a conversation that a message replies to, else the latest one there."""
    if reply_to is not None:
        about = await memory.passages.find_event(home.platform, reply_to)
        meant = [each for each in about if each.kind == "answer" and each.conversation.id == home.id]
        if meant:
            return meant[0]
    answers = Selection(conversation_id=home.id, kinds=("answer",))
    return next(iter(await memory.passages.select(Scope.of_conversation(home.id), answers, limit=1)), None)
