"""The years that a day without one may lie in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory.timeline.expressions import question_window
from memory.timeline.years import years_meant

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def years_of(question: str) -> list[int]:
    window = question_window(question, NOW)
    assert window is not None
    return [each.start.year for each in years_meant(window)]


@pytest.mark.parametrize(
    "question", ["what did we do on 5 October?", "wo war Ann am 5. Oktober?", "¿qué pasó el 5 de octubre?"]
)
def test_a_day_without_a_year_may_lie_in_any_before(question: str) -> None:
    assert years_of(question)[:3] == [2025, 2024, 2023]


@pytest.mark.parametrize(
    "question", ["what did we do on 5 October 2024?", "what did we do yesterday?", "what did we do last week?"]
)
def test_a_time_that_is_fixed_lies_in_one_year(question: str) -> None:
    assert len(years_of(question)) == 1


def test_a_leap_day_lies_in_leap_years_alone() -> None:
    assert all(year % 4 == 0 for year in years_of("where were we on 29 February?"))
