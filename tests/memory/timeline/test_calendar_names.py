"""The words that several grammars of times share."""

from __future__ import annotations

import pytest

from memory.timeline.calendar_names import calendar_names


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "pt", "it", "nl", "ru"])
def test_every_language_names_all_months_weekdays_and_units(language: str) -> None:
    names = calendar_names(language)
    assert set(names.months.values()) == set(range(1, 13))
    assert set(names.weekdays.values()) == set(range(7))
    assert set(names.units.values()) == {"minute", "hour", "day", "week", "month", "year"}


def test_names_are_in_lower_case_and_without_accents() -> None:
    assert calendar_names("de").months["marz"] == calendar_names("pt").months["marco"] == 3
    assert calendar_names("es").weekdays["sabado"] == 5
    assert calendar_names("pt").weekdays["segunda feira"] == 0


def test_what_may_be_another_word_is_a_month_but_no_weekday() -> None:
    english = calendar_names("en")
    assert english.months["may"] == 5
    assert "sun" not in english.weekdays
