"""What a text rests on: passages as the numbered sources that stand under it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.citations import Checked
from bot.events import Source
from memory import Passage, Recollection

_UNCITED_SOURCES = 3


def sources_of(checked: Checked, shown: Sequence[Recollection]) -> tuple[Source, ...]:
    """Return what an answer cites, in its order; the best recollections when it cites nothing."""
    numbers = checked.cited or tuple(range(1, min(_UNCITED_SOURCES, len(shown)) + 1))
    return tuple(
        source_of(position, shown[number - 1].passage, shown[number - 1].score)
        for position, number in enumerate(numbers, start=1)
    )


def source_of(number: int, passage: Passage, score: float = 1.0) -> Source:
    """Return a passage as a source."""
    return Source(
        n=number,
        text=passage.text,
        author=passage.author,
        said_at=passage.said_at,
        conversation=passage.conversation.title,
        platform=passage.conversation.platform,
        kind=passage.kind,
        score=score,
        link=passage.link,
        locator=passage.locator,
    )
