"""Knows a chat again by what was said in it, when it was renamed or its file was, or is read in another time zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import islice

from adapters.exports.identity import EventIds, fold_name
from adapters.exports.parsed import ParsedMessage
from bot.context import Histories
from memory import ConversationRecord, Scope, Selection

COMPARED = 5
"""So many messages from the start of the file must be known, all of them, in one conversation."""
LEAST = 2
SAID_AT_ONCE = 100
MINUTE = timedelta(minutes=1)
TELLING = 8
"""A text of so many characters is hardly said again at the same minute of another hour."""
FEWEST = 3
"""So many different ones, all of them as far off, are not chance."""
FARTHEST = timedelta(hours=26)
"""Between the earliest and the latest clock on earth."""
STEP = timedelta(minutes=15)
"""By which the clocks of zones differ."""


async def find_again(
    memory: Histories, owner_id: int, platform: str, opening: Sequence[ParsedMessage]
) -> ConversationRecord | None:
    """Return the owner's conversation on that platform which holds these first messages already."""
    sample = _sample(opening)
    if len(sample) < LEAST:
        return None
    found: ConversationRecord | None = None
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


async def find_by_words(
    memory: Histories, owner_id: int, platform: str, title: str, own_id: str, opening: Sequence[ParsedMessage]
) -> ConversationRecord | None:
    """Return the owner's conversation of that name in which the same people said most of these first messages.

    So a chat is known whose formats number messages each in a way of its own, such as Telegram's JSON and HTML. Of
    several the one whose id is `own_id` comes first.
    """
    telling = (each for each in opening if each.kind == "message" and each.text and not each.edited)
    sample = list(islice(telling, COMPARED))
    known: Counter[int] = Counter()
    places: dict[int, ConversationRecord] = {}
    for message in sample:
        start = message.sent_at.replace(second=0, microsecond=0)
        said = fold_name(message.text), fold_name(message.author or "")
        selection = Selection(since=start, until=start + MINUTE)
        passages = await memory.passages(Scope.of_owner(owner_id), selection, limit=SAID_AT_ONCE)
        here = {
            each.conversation.id: each.conversation
            for each in passages
            if (fold_name(each.text), fold_name(each.author)) == said
            and (each.conversation.platform, fold_name(each.conversation.title)) == (platform, fold_name(title))
        }
        known.update(here.keys())
        places |= here
    enough = [place for place in places.values() if known[place.id] >= max(LEAST, len(sample) // 2 + 1)]
    return min(enough, key=lambda place: (place.external_id != own_id, place.id), default=None)


async def clock_shift(
    memory: Histories, owner_id: int, platform: str, opening: Sequence[ParsedMessage]
) -> timedelta | None:
    """Return by how much later these first messages are remembered, where they were read in another time zone."""
    said = {
        message.text: message for _, message in _sample(opening, COMPARED * COMPARED) if len(message.text) >= TELLING
    }
    if len(said) < FEWEST:
        return None
    first, *others = [*said.values()][:COMPARED]
    for shift in await _shifts(memory, owner_id, platform, first):
        if all([shift in await _shifts(memory, owner_id, platform, each, shift) for each in others]):
            return shift
    return None


async def _shifts(
    memory: Histories, owner_id: int, platform: str, message: ParsedMessage, expected: timedelta | None = None
) -> set[timedelta]:
    """Return by how much later a message's words are remembered, as far as zones differ; or whether by the expected."""
    at = message.sent_at.replace(second=0, microsecond=0)
    since, until = (at - FARTHEST, at + FARTHEST) if expected is None else (at + expected, at + expected + MINUTE)
    selection = Selection(since=since, until=until, matching=message.text)
    passages = await memory.passages(Scope.of_owner(owner_id), selection, limit=SAID_AT_ONCE)
    found = {
        each.said_at.replace(second=0, microsecond=0) - at
        for each in passages
        if each.text == message.text and each.conversation.platform == platform
    }
    return {shift for shift in found if shift and not shift % STEP}


def _sample(opening: Iterable[ParsedMessage], size: int = COMPARED) -> list[tuple[str, ParsedMessage]]:
    ids = EventIds()
    identified = ((ids.of(message.sent_at, message.text), message) for message in opening)
    telling = (pair for pair in identified if _is_telling(pair[1]))
    return list(islice(telling, size))


def _is_telling(message: ParsedMessage) -> bool:
    """Tell whether a chat can be known by a message: an edited one may have said something else in the last export."""
    return message.kind == "message" and bool(message.text) and not message.external_id and not message.edited
