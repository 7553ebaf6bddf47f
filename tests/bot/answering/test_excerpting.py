"""The messages that say most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.excerpting import excerpts
from memory.records import ConversationRecord, Passage

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)
PLACE = ConversationRecord(1, "test", "g", "Club", "group", None)


def passage(number: int, text: str) -> Passage:
    return Passage(number, PLACE, "Bob", None, NOON + timedelta(minutes=number), "message", text)


@given(st.lists(st.text(max_size=80), max_size=30), st.integers(1, 8))
def test_excerpts_are_of_the_messages_in_their_order_and_no_more_than_asked_for(texts: list[str], most: int) -> None:
    said = [passage(number, text) for number, text in enumerate(texts)]
    chosen = excerpts(said, most)
    assert len(chosen) <= most
    assert bool(chosen) == bool(said)
    assert [each.id for each in chosen] == sorted({each.id for each in chosen})


def test_excerpts_prefer_what_nobody_else_said() -> None:
    said = [passage(number, "ok thanks, see you") for number in range(20)]
    said[7] = passage(7, "The ferry to Naxos leaves at 7:30 from pier 4")
    assert excerpts(said, 1) == [said[7]]
