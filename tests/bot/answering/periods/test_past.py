"""Words for a past moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.periods.past import moment_of

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("yesterday", NOON.replace(day=2, hour=0)),
        ("since Monday", datetime(2024, 4, 29, tzinfo=UTC)),
        ("Monday", datetime(2024, 4, 29, tzinfo=UTC)),
        ("3h", NOON - timedelta(hours=3)),
        ("last 2 hours", NOON - timedelta(hours=2)),
        ("an hour ago", NOON - timedelta(hours=1)),
        ("2 weeks", NOON - timedelta(weeks=2)),
        ("10:30", NOON.replace(hour=10, minute=30)),
        ("13:00", NOON.replace(day=2, hour=13)),
        ("gestern", NOON.replace(day=2, hour=0)),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("the beginning of everything", None),
        ("99:99", None),
        ("3 parsecs", None),
        ("", None),
    ],
)
def test_a_time_is_told_from_its_words(words: str, meant: datetime | None) -> None:
    assert moment_of(words, NOON) == meant


@given(st.text(max_size=40))
def test_whatever_is_typed_for_a_time_is_a_past_one_or_none(words: str) -> None:
    found = moment_of(words, NOON)
    assert found is None or found <= NOON
