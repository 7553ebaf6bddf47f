"""Which times a text names, relative to when it was said."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memory.records import TimeWindow
from memory.timeline.expressions import named_windows, question_window, relative_times
from memory.timeline.words import languages

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2024, 5, 3, 15, 30, tzinfo=BERLIN)
"""3 May 2024, a Friday afternoon: what every case below is relative to."""


def shown(window: TimeWindow) -> str:
    return f"{window.words}: {_moment(window.start)} .. {_moment(window.end)}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}" if moment.hour == moment.minute == 0 else f"{moment:%Y-%m-%d %H:%M}"


ONE_READING = [
    ("I went there yesterday", "yesterday: 2024-05-02 .. 2024-05-03"),
    ("today", "today: 2024-05-03 .. 2024-05-04"),
    ("see you tomorrow", "tomorrow: 2024-05-04 .. 2024-05-05"),
    ("the day before yesterday", "the day before yesterday: 2024-05-01 .. 2024-05-02"),
    ("the day after tomorrow", "the day after tomorrow: 2024-05-05 .. 2024-05-06"),
    ("last week", "last week: 2024-04-22 .. 2024-04-29"),
    ("this week", "this week: 2024-04-29 .. 2024-05-06"),
    ("next week", "next week: 2024-05-06 .. 2024-05-13"),
    ("the week before last", "week before last: 2024-04-15 .. 2024-04-22"),
    ("last month", "last month: 2024-04-01 .. 2024-05-01"),
    ("next month we move", "next month: 2024-06-01 .. 2024-07-01"),
    ("last year", "last year: 2023-01-01 .. 2024-01-01"),
    ("last weekend", "last weekend: 2024-04-27 .. 2024-04-29"),
    ("this weekend", "this weekend: 2024-05-04 .. 2024-05-06"),
    ("last March", "last March: 2024-03-01 .. 2024-04-01"),
    ("what happened last may?", "last may: 2023-05-01 .. 2023-06-01"),
    ("this May", "this May: 2024-05-01 .. 2024-06-01"),
    ("May last year", "May last year: 2023-05-01 .. 2023-06-01"),
    ("last year in May", "last year in May: 2023-05-01 .. 2023-06-01"),
    ("last summer", "last summer: 2023-06-01 .. 2023-09-01"),
    ("last winter", "last winter: 2023-12-01 .. 2024-03-01"),
    ("last Christmas", "last Christmas: 2023-12-24 .. 2023-12-27"),
    ("last Tuesday", "last Tuesday: 2024-04-30 .. 2024-05-01"),
    ("last Friday", "last Friday: 2024-04-26 .. 2024-04-27"),
    ("next Friday", "next Friday: 2024-05-10 .. 2024-05-11"),
    ("this Friday", "this Friday: 2024-05-03 .. 2024-05-04"),
    ("on Tuesday last week", "Tuesday last week: 2024-04-23 .. 2024-04-24"),
    ("Monday of last week", "Monday of last week: 2024-04-22 .. 2024-04-23"),
    ("this morning", "this morning: 2024-05-03 04:00 .. 2024-05-03 12:00"),
    ("last night", "last night: 2024-05-02 18:00 .. 2024-05-03 06:00"),
    ("tonight", "tonight: 2024-05-03 18:00 .. 2024-05-04 06:00"),
    ("yesterday evening", "yesterday evening: 2024-05-02 17:00 .. 2024-05-03"),
    ("We met on Friday evening", "Friday evening: 2024-05-03 17:00 .. 2024-05-04"),
    ("three days ago", "three days ago: 2024-04-30 .. 2024-05-01"),
    ("two weeks ago", "two weeks ago: 2024-04-16 .. 2024-04-23"),
    ("a couple of months ago", "a couple of months ago: 2024-02-17 .. 2024-03-19"),
    ("a year ago", "a year ago: 2022-11-03 .. 2023-11-03"),
    ("a few days ago", "a few days ago: 2024-04-28 .. 2024-05-02"),
    ("2 hours ago", "2 hours ago: 2024-05-03 13:00 .. 2024-05-03 14:00"),
    ("two days from now", "two days from now: 2024-05-05 .. 2024-05-06"),
    ("over the past week", "past week: 2024-04-26 .. 2024-05-04"),
    ("in the last three days", "last three days: 2024-04-30 .. 2024-05-04"),
    ("in May 2023", "May 2023: 2023-05-01 .. 2023-06-01"),
    ("in december, 2023", "december, 2023: 2023-12-01 .. 2024-01-01"),
    ("on 3 May 2024", "3 May 2024: 2024-05-03 .. 2024-05-04"),
    ("the 3rd of May, 2024", "3rd of May, 2024: 2024-05-03 .. 2024-05-04"),
    ("May 3rd, 2024", "May 3rd, 2024: 2024-05-03 .. 2024-05-04"),
    ("Tuesday, 30 April 2024", "Tuesday, 30 April 2024: 2024-04-30 .. 2024-05-01"),
    ("on May 3rd", "May 3rd: 2024-05-03 .. 2024-05-04"),
    ("(2024-05-03)", "2024-05-03: 2024-05-03 .. 2024-05-04"),
    ("2024/05/03", "2024/05/03: 2024-05-03 .. 2024-05-04"),
    ("am 3.5.2024.", "3.5.2024: 2024-05-03 .. 2024-05-04"),
    ("05/23/2024", "05/23/2024: 2024-05-23 .. 2024-05-24"),
    ("23/05/2024", "23/05/2024: 2024-05-23 .. 2024-05-24"),
    ("am 3.5.24 um 19 Uhr", "3.5.24: 2024-05-03 .. 2024-05-04"),
    ("born 17-04-93", "17-04-93: 1993-04-17 .. 1993-04-18"),
    ("Expires 23/02/33", "23/02/33: 2033-02-23 .. 2033-02-24"),
    ("Expires 05/2027", "05/2027: 2027-05-01 .. 2027-06-01"),
    ("17-04-1993", "17-04-1993: 1993-04-17 .. 1993-04-18"),
    ("3. 5. 2024", "3. 5. 2024: 2024-05-03 .. 2024-05-04"),
    ("el 03/05/24 llegamos", "03/05/24: 2024-05-03 .. 2024-05-04"),
    ("Friday 03/05/2024", "Friday 03/05/2024: 2024-05-03 .. 2024-05-04"),
    ("we were there on 28/3", "28/3: 2024-03-28 .. 2024-03-29"),
    ("wir waren vom 28.12. bis 3.1. dort", "28.12. bis 3.1.: 2023-12-28 .. 2024-01-04"),
    ("wir waren 28.–30.3. dort", "28.–30.3.: 2024-03-28 .. 2024-03-31"),
    ("we were there 28/12 - 03/01", "28/12 - 03/01: 2023-12-28 .. 2024-01-04"),
    ("wir waren am 2.5. dort", "2.5.: 2024-05-02 .. 2024-05-03"),
    ("wir waren am 2.5 dort", "2.5: 2024-05-02 .. 2024-05-03"),
    ("fuimos el 2/5", "2/5: 2024-05-02 .. 2024-05-03"),
    ("12 Feb '23", "12 Feb '23: 2023-02-12 .. 2023-02-13"),
    ("issued 22 Dec 17", "22 Dec 17: 2017-12-22 .. 2017-12-23"),
    ("May '22", "May '22: 2022-05-01 .. 2022-06-01"),
    ("29 February 2024", "29 February 2024: 2024-02-29 .. 2024-03-01"),
    ("Christmas 2022", "Christmas 2022: 2022-12-24 .. 2022-12-27"),
    ("New Year's Eve 2022", "New Year's Eve 2022: 2022-12-31 .. 2023-01-01"),
    ("Easter 2024", "Easter 2024: 2024-03-29 .. 2024-04-02"),
    ("Easter 1961", "Easter 1961: 1961-03-31 .. 1961-04-04"),
    ("Thanksgiving 2023", "Thanksgiving 2023: 2023-11-23 .. 2023-11-24"),
    ("summer of 2019", "summer of 2019: 2019-06-01 .. 2019-09-01"),
    ("in 2021", "2021: 2021-01-01 .. 2022-01-01"),
    ("between March and May 2024", "between March and May 2024: 2024-03-01 .. 2024-06-01"),
    ("from November to February 2024", "from November to February 2024: 2023-11-01 .. 2024-03-01"),
    ("between 2019 and 2021", "between 2019 and 2021: 2019-01-01 .. 2022-01-01"),
    ("between 3 and 5 May 2024", "3 and 5 May 2024: 2024-05-03 .. 2024-05-06"),
    ("3–5 May 2024", "3–5 May 2024: 2024-05-03 .. 2024-05-06"),
    ("the sunday before 25 May 2023", "sunday before 25 May 2023: 2023-05-21 .. 2023-05-22"),
    ("the Thursday before 25 May 2023", "Thursday before 25 May 2023: 2023-05-18 .. 2023-05-19"),
    ("the Monday after Christmas 2023", "Monday after Christmas 2023: 2024-01-01 .. 2024-01-02"),
    ("the week of 7 June 2023", "week of 7 June 2023: 2023-06-05 .. 2023-06-12"),
    ("the week before 7 June 2023", "week before 7 June 2023: 2023-05-29 .. 2023-06-05"),
    ("the weekend before 7 June 2023", "weekend before 7 June 2023: 2023-06-03 .. 2023-06-05"),
    ("the day after Christmas 2022", "day after Christmas 2022: 2022-12-27 .. 2022-12-28"),
    ("the Tuesday before last", "Tuesday before last: 2024-04-23 .. 2024-04-24"),
    ("two weekends ago", "two weekends ago: 2024-04-20 .. 2024-04-22"),
    ("since April", "since April: 2024-04-01 .. 2024-05-03 15:30"),
    ("since 2024-04-01", "since 2024-04-01: 2024-04-01 .. 2024-05-03 15:30"),
    ("before June 2023", "before June 2023: 1900-01-01 .. 2023-06-01"),
    ("until yesterday", "until yesterday: 1900-01-01 .. 2024-05-03"),
    ("after Christmas 2023", "after Christmas 2023: 2023-12-27 .. 2024-05-03 15:30"),
    ("in the spring", "spring: 2024-03-01 .. 2024-06-01"),
    ("I will see you on Friday", "Friday: 2024-05-10 .. 2024-05-11"),
    ("I saw him on Tuesday", "Tuesday: 2024-04-30 .. 2024-05-01"),
    ("We're going to Rome in July", "July: 2024-07-01 .. 2024-08-01"),
    ("We went to Rome in July", "July: 2023-07-01 .. 2023-08-01"),
    ("Wir waren letzte Woche in Berlin", "letzte Woche: 2024-04-22 .. 2024-04-29"),
    ("vor drei Tagen war ich krank", "vor drei Tagen: 2024-04-30 .. 2024-05-01"),
    ("Das war vorgestern", "vorgestern: 2024-05-01 .. 2024-05-02"),
    ("Am 3. Mai 2024 war ich da", "3. Mai 2024: 2024-05-03 .. 2024-05-04"),
    ("Was war im März?", "März: 2024-03-01 .. 2024-04-01"),
    ("nächstes Jahr", "nächstes Jahr: 2025-01-01 .. 2026-01-01"),
    ("la semana pasada fui al cine", "semana pasada: 2024-04-22 .. 2024-04-29"),
    ("hace dos semanas", "hace dos semanas: 2024-04-16 .. 2024-04-23"),
    ("anteayer", "anteayer: 2024-05-01 .. 2024-05-02"),
    ("esta mañana", "esta mañana: 2024-05-03 04:00 .. 2024-05-03 12:00"),
    ("el 3 de mayo de 2024", "3 de mayo de 2024: 2024-05-03 .. 2024-05-04"),
    ("Je l'ai vu hier soir", "hier soir: 2024-05-02 17:00 .. 2024-05-03"),
    ("c'était il y a trois jours", "il y a trois jours: 2024-04-30 .. 2024-05-01"),
    ("le mois dernier", "mois dernier: 2024-04-01 .. 2024-05-01"),
    ("lundi dernier", "lundi dernier: 2024-04-29 .. 2024-04-30"),
    ("le 1er août 2023", "1er août 2023: 2023-08-01 .. 2023-08-02"),
    ("ontem eu fui ao cinema", "ontem: 2024-05-02 .. 2024-05-03"),
    ("há dois meses", "há dois meses: 2024-02-17 .. 2024-03-19"),
    ("no ano passado", "ano passado: 2023-01-01 .. 2024-01-01"),
    ("segunda-feira passada", "segunda-feira passada: 2024-04-29 .. 2024-04-30"),
    ("due settimane fa", "due settimane fa: 2024-04-16 .. 2024-04-23"),
    ("lunedì scorso", "lunedì scorso: 2024-04-29 .. 2024-04-30"),
    ("l'altro ieri", "l'altro ieri: 2024-05-01 .. 2024-05-02"),
    ("drie dagen geleden", "drie dagen geleden: 2024-04-30 .. 2024-05-01"),
    ("eergisteren", "eergisteren: 2024-05-01 .. 2024-05-02"),
    ("вчера видела Диму", "вчера: 2024-05-02 .. 2024-05-03"),
    ("на прошлой неделе", "прошлой неделе: 2024-04-22 .. 2024-04-29"),
    ("это было три дня назад", "три дня назад: 2024-04-30 .. 2024-05-01"),
    ("прошлым летом", "прошлым летом: 2023-06-01 .. 2023-09-01"),
    ("переехали в мае 2023 года", "мае 2023: 2023-05-01 .. 2023-06-01"),
    ("volgende maand", "volgende maand: 2024-06-01 .. 2024-07-01"),
    ("我去年5月3日去了北京", "去年5月3日: 2023-05-03 .. 2023-05-04"),
    ("2024年5月3日", "2024年5月3日: 2024-05-03 .. 2024-05-04"),
    ("二〇二四", None),
    ("我昨天到的", "昨天: 2024-05-02 .. 2024-05-03"),
    ("上个月", "上个月: 2024-04-01 .. 2024-05-01"),
    ("上周五", "上周五: 2024-04-26 .. 2024-04-27"),
    ("三天前", "三天前: 2024-04-30 .. 2024-05-01"),
    ("十二年前", "十二年前: 2011-11-03 .. 2012-11-03"),
    ("昨日行きました", "昨日: 2024-05-02 .. 2024-05-03"),
    ("先月の旅行", "先月: 2024-04-01 .. 2024-05-01"),
    ("2023年の夏", "2023年の夏: 2023-06-01 .. 2023-09-01"),
]


@pytest.mark.parametrize(("text", "expected"), ONE_READING)
def test_a_named_time_is_found_relative_to_when_it_was_said(text: str, expected: str | None) -> None:
    assert [shown(each) for each in named_windows(text, FRIDAY)] == ([expected] if expected else [])


def test_a_day_that_is_nearly_a_year_past_and_soon_again_stays_open() -> None:
    told = datetime(2026, 5, 19, tzinfo=UTC)
    open_days = ["6 June: 2025-06-06 .. 2025-06-07", "6 June: 2026-06-06 .. 2026-06-07"]
    assert [shown(each) for each in named_windows("6 June it is, you were right", told)] == open_days
    assert relative_times("6 June it is, you were right", told) == []
    assert [label for _, label in relative_times("We will meet on 6 June", told)] == ["6 June 2026"]
    assert [label for _, label in relative_times("We met on 2 March", told)] == ["2 March 2026"]


NO_TIME = [
    "",
    "What may I do?",
    "You may go, and this may be the last one",
    "April said hi to June",
    "before April left, we sang",
    "They march on",
    "When did you last march in a parade?",
    "the second fall in the sun, where the cat sat",
    "at the last minute",
    "the last day of school",
    "How long did it last?",
    "We play chess every Friday",
    "open 24/7, rated 8/10, 2/3 of it, 1/2 cup",
    "kostet 3.50, oder 3.5 Liter",
    "it costs 3.5. Then we left",
    "Treffen um 10.10. Bis gleich",
    "um 16.30 Uhr",
    "10.0.0.1 and 1.2.3.4",
    "Version 2.1.",
    "vom 1.5 Liter",
    "31.2.",
    "Version 3.5.20 costs 2021 euros, ratio 1/2",
    "call 555-2024-11",
    "Ich bin hier, und wir bleiben hier",
    "Guten Morgen, wie geht es dir?",
    "32.13.2024",
    "2024-02-30",
    "It took me 9999999 days ago",
    "the year 99999",
]


@pytest.mark.parametrize("text", NO_TIME)
def test_words_that_only_look_like_a_time_name_none(text: str) -> None:
    assert [shown(each) for each in named_windows(text, FRIDAY)] == []
    assert question_window(text, FRIDAY) is None


BOTH_READINGS = [
    ("03/05/2024", ["2024-03-05", "2024-05-03"]),
    ("3/5/24", ["2024-03-05", "2024-05-03"]),
    ("31.12. – 14.1.", ["2023-12-31", "2024-12-31"]),
    ("Dinner on Tuesday", ["2024-04-30", "2024-05-07"]),
    ("Friday", ["2024-05-03", "2024-05-10"]),
    ("the conference in March", ["2024-03-01", "2025-03-01"]),
    ("29 February", ["2024-02-29", "2028-02-29"]),
    ("at the weekend", ["2024-04-27", "2024-05-04"]),
]


@pytest.mark.parametrize(("text", "starts"), BOTH_READINGS)
def test_words_that_leave_two_readings_open_give_both_and_are_not_spelled_out(text: str, starts: list[str]) -> None:
    assert [_moment(each.start) for each in named_windows(text, FRIDAY)] == starts
    assert relative_times(text, FRIDAY) == []


QUESTIONS = [
    ("What did I do yesterday?", "yesterday: 2024-05-02 .. 2024-05-03"),
    ("Where did we go in March?", "March: 2024-03-01 .. 2024-04-01"),
    ("Who called in June?", "June: 2023-06-01 .. 2023-07-01"),
    ("What did Ann say in May?", "May: 2024-05-01 .. 2024-06-01"),
    ("Who came on Tuesday?", "Tuesday: 2024-04-30 .. 2024-05-01"),
    ("Who called on Friday?", "Friday: 2024-05-03 .. 2024-05-04"),
    ("What will I do on Tuesday?", "Tuesday: 2024-05-07 .. 2024-05-08"),
    ("What happened on Friday, 26 April 2024, in the last month?", "2024-04-26 .. 2024-04-27"),
    ("Did I go in March or in April 2024?", "2024-03-01 .. 2024-05-01"),
    ("What did we talk about on 03/05/2024?", "03/05/2024: 2024-03-05 .. 2024-05-04"),
    ("What did we talk about on 03/07/2024?", "03/07/2024: 2024-03-07 .. 2024-03-08"),
    ("How many times did we meet since January?", "since January: 2024-01-01 .. 2024-05-03 15:30"),
    ("How many days did I work in March?", "March: 2024-03-01 .. 2024-04-01"),
    ("Was habe ich letzte Woche gemacht?", "letzte Woche: 2024-04-22 .. 2024-04-29"),
    ("¿Qué hice el lunes?", "lunes: 2024-04-29 .. 2024-04-30"),
]


@pytest.mark.parametrize(("question", "expected"), QUESTIONS)
def test_a_question_is_about_one_window(question: str, expected: str) -> None:
    window = question_window(question, FRIDAY)
    assert window is not None
    assert shown(window).endswith(expected)


@pytest.mark.parametrize(
    "question",
    [
        "When did Ann move?",
        "How many days before Christmas did she leave?",
        "How long before June 2023 did they marry?",
        "How many weeks passed between 3 May and 5 June 2023?",
        "Wie viele Tage vor Weihnachten war das?",
        "Where does April live?",
    ],
)
def test_a_question_that_names_no_time_or_only_measures_from_one_has_no_window(question: str) -> None:
    assert question_window(question, FRIDAY) is None


RELATIVE = [
    ("I went there yesterday", [("yesterday", "2 May 2024")]),
    (
        "It was last week, not last month",
        [("last week", "22 April 2024 to 28 April 2024"), ("last month", "April 2024")],
    ),
    ("We moved two years ago", [("two years ago", "around May 2022")]),
    ("last night", [("last night", "night of 2 May 2024")]),
    ("last winter", [("last winter", "winter 2023/24")]),
    ("We met at Christmas", [("Christmas", "Christmas 2023 (24 December 2023 to 26 December 2023)")]),
    ("since April", [("since April", "since April 2024")]),
    ("on 3 May 2024", []),
    ("hello", []),
]


@pytest.mark.parametrize(("text", "pairs"), RELATIVE)
def test_relative_times_are_spelled_out_and_full_dates_left_alone(text: str, pairs: list[tuple[str, str]]) -> None:
    assert relative_times(text, FRIDAY) == pairs


@pytest.mark.parametrize(
    ("said_at", "text", "hours"),
    [
        (datetime(2024, 4, 1, 12, tzinfo=BERLIN), "yesterday", 23),
        (datetime(2024, 10, 28, 12, tzinfo=BERLIN), "yesterday", 25),
        (datetime(2024, 4, 1, 12, tzinfo=BERLIN), "last week", 7 * 24 - 1),
        (datetime(2024, 3, 31, 12, tzinfo=BERLIN), "last month", 29 * 24),
        (datetime(2023, 3, 31, 12, tzinfo=BERLIN), "last month", 28 * 24),
    ],
)
def test_a_window_is_as_long_as_the_clocks_make_it(said_at: datetime, text: str, hours: int) -> None:
    (window,) = named_windows(text, said_at)
    assert window.end.astimezone(UTC) - window.start.astimezone(UTC) == timedelta(hours=hours)


def test_two_hours_ago_are_two_hours_where_the_clocks_changed() -> None:
    (window,) = named_windows("2 hours ago", datetime(2024, 3, 31, 4, 0, tzinfo=BERLIN))
    assert window.start.astimezone(UTC) == datetime(2024, 3, 30, 23, 30, tzinfo=UTC)


def test_a_day_that_a_zone_skipped_has_no_window() -> None:
    assert named_windows("yesterday", datetime(2011, 12, 31, 9, tzinfo=ZoneInfo("Pacific/Apia"))) == []


def test_a_month_ago_at_a_months_end_is_around_the_last_day_of_the_shorter_month() -> None:
    said = datetime(2024, 3, 31, 9, tzinfo=UTC)
    assert relative_times("a month ago", said) == [("a month ago", "around 29 February 2024")]
    assert relative_times("a month ago", said.replace(year=2023)) == [("a month ago", "around 28 February 2023")]


def test_the_day_is_the_one_in_the_zone_where_it_was_said() -> None:
    late = datetime(2024, 5, 3, 23, 30, tzinfo=UTC)
    there = late.astimezone(timezone(timedelta(hours=9)))
    assert [_moment(each.start) for each in named_windows("today", late)] == ["2024-05-03"]
    assert [_moment(each.start) for each in named_windows("today", there)] == ["2024-05-04"]


def test_a_day_that_can_be_no_month_tells_how_the_other_dates_of_a_text_are_written() -> None:
    found = named_windows("Expires 12/02/33, born 17/04/1993", FRIDAY)
    assert [f"{each.start:%Y-%m-%d}" for each in found] == ["2033-02-12", "1993-04-17"]
    found = named_windows("Expires 12/02/33, born 04/17/1993", FRIDAY)
    assert [f"{each.start:%Y-%m-%d}" for each in found] == ["2033-12-02", "1993-04-17"]


def test_a_weekday_tells_how_a_date_behind_it_is_written() -> None:
    assert [f"{each.start:%Y-%m-%d}" for each in named_windows("on Friday 05/03/24", FRIDAY)] == ["2024-05-03"]


def test_a_day_and_a_month_with_a_stroke_may_stand_either_way_in_english() -> None:
    starts = [f"{each.start:%Y-%m-%d}" for each in named_windows("we meet on 3/6", FRIDAY)]
    assert starts == ["2023-06-03", "2024-06-03", "2024-03-06", "2025-03-06"]


def test_several_times_are_given_in_the_order_of_the_text() -> None:
    found = named_windows("Yesterday I sold the car that I bought in May 2019.", FRIDAY)
    assert [each.words for each in found] == ["Yesterday", "May 2019"]


@pytest.mark.parametrize(
    "text",
    [
        "2月30日",
        "13月45日に何をした",
        "去年1222月31日",
        "between 29 February and 3 May 2023",
        "from 30 February to 31 June",
        "the Monday before 1.1.0001",
        "the weekend after 31.12.9999",
    ],
)
def test_a_day_that_does_not_exist_is_no_error(text: str) -> None:
    named_windows(text, FRIDAY)
    question_window(text, FRIDAY)
    relative_times(text, FRIDAY)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        named_windows("yesterday", datetime(2024, 5, 3))  # noqa: DTZ001 - that is the mistake


WORDS = {" ".join(words) for each in languages() for group in each.phrases.values() for words, _, _ in group}
DIGITS = ["2024", "3", "31st", "03/05/2024", "2024-02-30", "0001-01-01", "9999-12-31"]
PIECES = st.sampled_from([*sorted(WORDS), *DIGITS, ".", ",", "-", "'s", "昨天", "三天前"])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=12).map(" ".join))
ZONES = st.sampled_from(
    [UTC, BERLIN, ZoneInfo("America/Havana"), timezone(timedelta(hours=-12)), ZoneInfo("Pacific/Apia")]
)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, said_at=st.datetimes(timezones=ZONES))
@example(text="999 years ago, next week, last Tuesday, since May", said_at=datetime(1, 1, 1, tzinfo=UTC))
@example(text="999 years from now, next Friday, tomorrow", said_at=datetime(9999, 12, 31, 23, tzinfo=BERLIN))
def test_any_text_at_any_time_gives_windows_that_are_not_empty_and_words_that_stand_in_it(
    text: str, said_at: datetime
) -> None:
    windows = named_windows(text, said_at)
    question = question_window(text, said_at)
    for each in [*windows, *([question] if question else [])]:
        assert each.start.astimezone(UTC) < each.end.astimezone(UTC)
        assert each.words
        assert each.words in text
        assert each.start.tzinfo is said_at.tzinfo
    assert all(words in text and label for words, label in relative_times(text, said_at))


@pytest.mark.parametrize(
    "piece", ["a ", "the of ", "last ", "3 ", "2024 ", "- ", "May ", "in the ", "一", "1", "h ", "a\u0301", "03/"]
)
def test_twice_the_text_takes_about_twice_the_steps(piece: str) -> None:
    steps(piece * 10)  # languages are read once
    assert steps((piece * 8_000)[:8_000]) < 2.2 * steps((piece * 4_000)[:4_000]) + 100


def steps(text: str) -> int:
    """Return how many calls it takes to read a text, those of built-in functions among them."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        named_windows(text, FRIDAY)
    finally:
        sys.setprofile(None)
    return calls
