"""What a text rests on: passages as the numbered sources that stand under it."""

from __future__ import annotations

from bot.events import Source
from memory import Passage


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
        passage_id=passage.id,
    )
