"""The replies to what was asked before: who asks the same again wants the reply, whose own words may tell nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.answering.quoting.sentences import MOST_ASKED_BACK, asks_anywhere
from memory import Memory, Passage, Position, Recollection, Scope

_ASKING = 3
"""Recollections, from the best on, whose replies are read."""
_AFTER = 3
"""Messages after a question among which its reply is looked for."""
_IN_TIME = timedelta(days=1)
_LITTLE_LESS = 0.95
"""Share of the score of a question that its reply gets: it stands behind it."""


async def add_replies(
    memory: Memory, recollections: Sequence[Recollection], scope: Scope, exclude: Collection[int]
) -> list[Recollection]:
    """Return recollections, and behind each of the best that asks something its reply, where it was not recalled.

    Raises MemoryStoreError.
    """
    known = {each.passage.id for each in recollections}.union(exclude)
    found: list[Recollection] = []
    for rank, each in enumerate(recollections):
        found.append(each)
        asking = each
        for _ in range(MOST_ASKED_BACK if rank < _ASKING else 0):
            reply = await _find_reply(memory, asking, scope)
            if reply is None or reply.passage.id in known:
                break
            known.add(reply.passage.id)
            found.append(reply)
            asking = reply
    return found


async def _find_reply(memory: Memory, asking: Recollection, scope: Scope) -> Recollection | None:
    asked = asking.passage
    if asked.kind != "message" or not asks_anywhere(asked.text):
        return None
    following = await memory.browsing.read_after(scope, asked.conversation.id, Position.of(asked), limit=_AFTER)
    reply = next((each for each in following if _may_reply(each, asked)), None)
    if reply is None:
        return None
    score = _LITTLE_LESS * asking.score
    return replace(asking, passage=reply, score=score, context=(asked,), parts={"is a reply": score})


def _may_reply(passage: Passage, asked: Passage) -> bool:
    """Say whether a message may be the reply to another: by somebody else, and soon after."""
    is_by_another = passage.kind == "message" and passage.author not in ("", asked.author)
    return is_by_another and passage.said_at - asked.said_at < _IN_TIME
