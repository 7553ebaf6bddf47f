"""Everything that is remembered, one passage after the other, to be written elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from memory import RECALLABLE, Memory, Passage, Scope, Selection

PAGE = 1000


async def every_passage(memory: Memory, scope: Scope, *, page: int = PAGE) -> AsyncIterator[Passage]:
    """Yield the messages, documents and facts within a scope, the oldest first, a page at a time in memory.

    What is stored meanwhile may or may not be among them.
    """
    selection = Selection(kinds=RECALLABLE)
    limit = page
    given: set[int] = set()  # the ids of the moment at which the last page ended: the next one begins with it
    while True:
        found = await memory.passages.select(scope, selection, limit=limit, newest_first=False)
        for passage in found:
            if passage.id not in given:
                yield passage
        if len(found) < limit:
            return
        last = found[-1].said_at
        if selection.since == last:
            limit *= 2  # a whole page of one moment: look further
        else:
            selection, limit, given = replace(selection, since=last), page, set()
        given |= {passage.id for passage in found if passage.said_at == last}


def export_record(passage: Passage) -> dict[str, object]:
    """Return a passage as a line of an export; `docs/command-line.md` describes it."""
    place = passage.conversation
    return {
        "id": passage.id,
        "text": passage.text,
        "author": passage.author,
        "said_at": passage.said_at.isoformat(),
        "kind": passage.kind,
        "conversation": {
            "platform": place.platform,
            "id": place.external_id,
            "title": place.title,
            "kind": place.kind,
        },
        "event_id": passage.event_id,
        "reply_to": passage.reply_to,
        "link": passage.link,
        "locator": passage.locator,
        "key": passage.key,
        "valid_to": None if passage.valid_to is None else passage.valid_to.isoformat(),
    }
