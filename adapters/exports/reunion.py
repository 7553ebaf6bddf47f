"""Knows a chat again by what was said in it, when it was renamed or its file was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import islice

from adapters.exports.history_store import HistoryStore
from adapters.exports.identity import EventIds
from adapters.exports.parsed import ParsedMessage
from memory import Conversation, Scope, Selection

COMPARED = 5
"""So many messages from the start of the file must be known, all of them, in one conversation."""
LEAST = 2
SAID_AT_ONCE = 100
MINUTE = timedelta(minutes=1)


async def find_again(
    memory: HistoryStore, owner_id: int, platform: str, opening: Sequence[ParsedMessage]
) -> Conversation | None:
    """Return the owner's conversation on that platform which holds these first messages already."""
    sample = _sample(opening)
    if len(sample) < LEAST:
        return None
    found: Conversation | None = None
    for event_id, message in sample:
        start = message.sent_at.replace(second=0, microsecond=0)
        selection = Selection(since=start, until=start + MINUTE)
        passages = await memory.passages(Scope.of_owner(owner_id), selection, limit=SAID_AT_ONCE)
        places = [p.conversation for p in passages if p.event_id == event_id and p.conversation.platform == platform]
        if found is not None:
            places = [place for place in places if place.id == found.id]
        if not places:
            return None
        found = places[0]
    return found


def _sample(opening: Iterable[ParsedMessage]) -> list[tuple[str, ParsedMessage]]:
    ids = EventIds()
    identified = ((ids.of(message.sent_at, message.text), message) for message in opening)
    telling = (pair for pair in identified if pair[1].kind == "message" and pair[1].text and not pair[1].external_id)
    return list(islice(telling, COMPARED))
