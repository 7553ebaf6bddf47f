"""Recollections of a made-up chat, as recall would hand them over, best first."""

from __future__ import annotations

from datetime import UTC, datetime

from memory import ConversationRecord, Passage, Recollection

SAID = datetime(2024, 5, 3, 21, 14, tzinfo=UTC)
TRIP = ConversationRecord(1, "whatsapp", "trip", "Lisbon trip", "group", None)


def recalled(*said: tuple[str, str], at: datetime = SAID) -> list[Recollection]:
    """Return a recollection for each author and text."""
    return [
        Recollection(Passage(number, TRIP, author, number, at, "message", text), score=1.0 - number / 50, relevance=0.7)
        for number, (author, text) in enumerate(said)
    ]
