from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.translation import (
    LANGUAGES,
    format_day,
    format_long_day,
    format_long_weekday,
    format_moment,
    format_month,
    format_number,
    format_short_day,
    format_weekday,
    month_name,
    speaking,
    weekday_names,
)

DAY = date(2024, 5, 3)


@pytest.mark.parametrize(
    ("language", "short", "long", "weekday"),
    [
        ("en", "3 May 2024", "3 May 2024", "Friday 3 May"),
        ("de", "3. Mai 2024", "3. Mai 2024", "Freitag, 3. Mai"),
        ("es", "3 may 2024", "3 de mayo de 2024", "viernes, 3 de mayo"),
        ("fr", "3 mai 2024", "3 mai 2024", "vendredi 3 mai"),
        ("it", "3 mag 2024", "3 maggio 2024", "venerdì 3 maggio"),
        ("pt", "3 de mai. de 2024", "3 de maio de 2024", "sexta-feira, 3 de maio"),
    ],
)
def test_a_day_is_written_as_in_the_language(language: str, short: str, long: str, weekday: str) -> None:
    with speaking(language):
        assert (format_day(DAY), format_long_day(DAY), format_long_weekday(DAY)) == (short, long, weekday)


def test_every_language_has_a_year_of_months_and_a_week_of_days() -> None:
    for language in LANGUAGES:
        with speaking(language):
            assert len({month_name(month) for month in range(1, 13)}) == 12
            assert len({format_weekday(date(2024, 5, day)) for day in range(1, 8)}) == 7


def test_numbers_have_the_marks_of_the_language() -> None:
    said = {}
    for language in ("en", "de", "fr"):
        with speaking(language):
            said[language] = (format_number(1234567), format_number(1234.5, 1))
    assert said == {
        "en": ("1,234,567", "1,234.5"),
        "de": ("1.234.567", "1.234,5"),
        "fr": ("1\u202f234\u202f567", "1\u202f234,5"),
    }


def test_a_moment_has_its_time_behind_the_day() -> None:
    with speaking("de"):
        assert format_moment(datetime(2024, 12, 24, 7, 5, tzinfo=UTC)) == "24. Dez. 2024 07:05"


@pytest.mark.parametrize(
    ("language", "day", "month", "monday"),
    [
        ("en", "3 May", "May 2024", "Monday"),
        ("de", "3. Mai", "Mai 2024", "Montag"),
        ("es", "3 may", "may 2024", "lunes"),
        ("pt", "3 de mai.", "mai. 2024", "segunda-feira"),
    ],
)
def test_days_and_months_on_charts_are_short(language: str, day: str, month: str, monday: str) -> None:
    with speaking(language):
        assert (format_short_day(DAY), format_month(DAY), weekday_names()[0]) == (day, month, monday)
