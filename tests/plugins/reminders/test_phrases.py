"""What people say when they want to be reminded, and the moment that they mean, in seven languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import CommandError
from plugins.reminders.calendar import Plan, TimeChoice, TimeMissing, resolve
from plugins.reminders.languages import LANGUAGES
from plugins.reminders.request import find_request, read_request, read_when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2024, 5, 3, 12, 0, tzinfo=BERLIN)  # a Friday
MORNING = time(9)


def meant(text: str, now: datetime = NOW) -> tuple[str, str, object]:
    """Return what a request is about, the local time that it means, and how it repeats."""
    found = find_request(text)
    assert found is not None, text
    request = read_request(found[0], found[1])
    assert request.when is not None, text
    plan = resolve(request.when, now, MORNING)
    assert isinstance(plan, Plan), plan
    return request.about, f"{plan.first:%Y-%m-%d %H:%M}", plan.repeats


@pytest.mark.parametrize(
    ("text", "about", "times"),
    [
        ("remind me on Sunday at 5 or 6 to call Ann", "call Ann", ["at 5:00", "at 6:00"]),
        ("remind me tomorrow at 10:30 or 11 or 12 to eat", "eat", ["at 10:30", "at 11:00", "at 12:00"]),
        ("erinnere mich morgen um 8 oder 9 an die Katze", "die Katze", ["at 8:00", "at 9:00"]),
        ("recuérdame mañana a las 8 o 9 llamar a Ana", "llamar a Ana", ["at 8:00", "at 9:00"]),
    ],
)
def test_of_several_times_each_may_be_meant(text: str, about: str, times: list[str]) -> None:
    found = find_request(text)
    assert found is not None
    request = read_request(found[0], found[1])
    assert request.when is not None
    choice = resolve(request.when, NOW, MORNING)
    assert isinstance(choice, TimeChoice)
    assert (request.about, list(choice.options)) == (about, times)


@pytest.mark.parametrize(
    ("text", "about", "when"),
    [
        ("ricordami domani alle nove di chiamare il dentista", "chiamare il dentista", "2024-05-04 09:00"),
        ("ricordami tra due ore della torta", "torta", "2024-05-03 14:00"),
        ("ricordami stasera alle 8 di chiudere", "chiudere", "2024-05-03 20:00"),
        ("ricordami il 12 giugno alle 15:30 dell'esame", "esame", "2024-06-12 15:30"),
        ("ricordaci venerdì prossimo a mezzogiorno della riunione", "riunione", "2024-05-10 12:00"),
        ("puoi ricordarmi fra un'ora di bere", "bere", "2024-05-03 13:00"),
        ("ricordami di chiamare Anna dopodomani alle tre del pomeriggio", "chiamare Anna", "2024-05-05 15:00"),
        ("提醒我明天早上九点给妈妈打电话", "给妈妈打电话", "2024-05-04 09:00"),
        ("明天九点提醒我打电话", "打电话", "2024-05-04 09:00"),
        ("两小时后提醒我关火", "关火", "2024-05-03 14:00"),
        ("一个半小时后提醒我出门", "出门", "2024-05-03 13:30"),
        ("提醒我下午三点半开会", "开会", "2024-05-03 15:30"),
        ("提醒我6月12日下午3点考试", "考试", "2024-06-12 15:00"),
        ("请提醒我们下周五中午开会", "开会", "2024-05-10 12:00"),
        ("提醒我後天下午兩點一刻去銀行", "去銀行", "2024-05-05 14:15"),
    ],
)
def test_a_request_in_italian_or_chinese_is_understood(text: str, about: str, when: str) -> None:
    assert meant(text)[:2] == (about, when)


@pytest.mark.parametrize(
    ("text", "when", "repeats"),
    [
        ("ricordami ogni lunedì alle 8 di annaffiare le piante", "2024-05-06 08:00", "0 8 * * 1"),
        ("每周一上午8点提醒我浇花", "2024-05-06 08:00", "0 8 * * 1"),
        ("每个工作日9点提醒我打卡", "2024-05-06 09:00", "0 9 * * 1-5"),
        ("提醒我每天早上七点吃药", "2024-05-04 07:00", timedelta(days=1)),
    ],
)
def test_a_repetition_in_italian_or_chinese_is_understood(text: str, when: str, repeats: object) -> None:
    assert meant(text)[1:] == (when, repeats)


@pytest.mark.parametrize("text", ["他昨天对我说你提醒我了", "anna mi ha ricordato la riunione"])
def test_a_tale_of_a_reminder_asks_for_none(text: str) -> None:
    assert find_request(text) is None


@pytest.mark.parametrize(
    ("text", "about", "when"),
    [
        ("remind me tomorrow at nine to call Mum", "call Mum", "2024-05-04 09:00"),
        ("remind me tomorrow at nine or so to call Mum", "call Mum", "2024-05-04 09:00"),
        ("Remind me to call Mum tomorrow at nine.", "call Mum", "2024-05-04 09:00"),
        ("could you remind me tomorrow to call Mum at 9pm?", "call Mum", "2024-05-04 21:00"),
        ("remind me in two hours to stretch", "stretch", "2024-05-03 14:00"),
        ("remind me in an hour and a half that the cake is ready", "the cake is ready", "2024-05-03 13:30"),
        ("remind me in 1 hour and 20 minutes: cake", "cake", "2024-05-03 13:20"),
        ("remind me 20 minutes from now to leave", "leave", "2024-05-03 12:20"),
        ("remind me at 3pm on Friday to call", "call", "2024-05-03 15:00"),
        ("remind me in 120 seconds to turn it", "turn it", "2024-05-03 12:02"),
        ("remind me in a second to turn it", "turn it", "2024-05-03 12:00"),
        ("remind me in 3 days to pay", "pay", "2024-05-06 12:00"),
        ("remind me in 2 weeks at 8am to pay", "pay", "2024-05-17 08:00"),
        ("remind me in a month to pay", "pay", "2024-06-03 12:00"),
        ("remind me on 12 June at 10am about the exam", "the exam", "2024-06-12 10:00"),
        ("remind me on June 12th, 2027 to renew the passport", "renew the passport", "2027-06-12 09:00"),
        ("remind me on 2024-06-12 at 14:30 about the exam", "the exam", "2024-06-12 14:30"),
        ("remind me on 3 April to file the taxes", "file the taxes", "2025-04-03 09:00"),
        ("remind me 25/12 to rest", "rest", "2024-12-25 09:00"),
        ("remind me 12/25/2025 to rest", "rest", "2025-12-25 09:00"),
        ("remind me tonight to lock the door", "lock the door", "2024-05-03 19:00"),
        ("remind me this evening at eight to lock the door", "lock the door", "2024-05-03 20:00"),
        ("remind me tomorrow at half past eight to leave", "leave", "2024-05-04 08:30"),
        ("remind me tomorrow at a quarter to nine to leave", "leave", "2024-05-04 08:45"),
        ("remind me at 17:00 to leave", "leave", "2024-05-03 17:00"),
        ("remind me at 11:30pm to sleep", "sleep", "2024-05-03 23:30"),
        ("remind me today at 8 to leave", "leave", "2024-05-03 20:00"),
        ("remind me on the 15th to pay rent", "pay rent", "2024-05-15 09:00"),
        ("remind me on the 1st to pay rent", "pay rent", "2024-06-01 09:00"),
        ("remind me next week to write", "write", "2024-05-10 09:00"),
        ("remind me on Friday at 15:00 to dance", "dance", "2024-05-03 15:00"),
        ("remind me on Friday at 11:00am to dance", "dance", "2024-05-10 11:00"),
        ("remind me next Friday evening to dance", "dance", "2024-05-10 19:00"),
        ("remind me to call at noon on Monday", "call", "2024-05-06 12:00"),
        ("remind me at midnight to sleep", "sleep", "2024-05-04 00:00"),
        ("remind me to buy two apples tomorrow", "buy two apples", "2024-05-04 09:00"),
        ("remind me to watch Friday Night Lights tomorrow at 8pm", "watch Friday Night Lights", "2024-05-04 20:00"),
        ("erinnere mich morgen um neun an den Zahnarzt", "den Zahnarzt", "2024-05-04 09:00"),
        ("erinnere mich daran, morgen um 9 Mama anzurufen", "Mama anzurufen", "2024-05-04 09:00"),
        ("Erinner mich übermorgen um halb neun, den Müll rauszubringen", "den Müll rauszubringen", "2024-05-05 08:30"),
        ("erinnere mich in einer halben Stunde an den Kuchen", "den Kuchen", "2024-05-03 12:30"),
        ("erinnere mich am 12. Juni um 10 Uhr an die Prüfung", "die Prüfung", "2024-06-12 10:00"),
        ("erinnere mich am 12.6. um 18.30 Uhr an die Feier", "die Feier", "2024-06-12 18:30"),
        ("erinnere mich heute Abend an das Tor", "das Tor", "2024-05-03 19:00"),
        ("erinnere mich nächsten Montag früh an die Post", "die Post", "2024-05-06 09:00"),
        ("erinnere mich morgen früh um viertel vor acht an Sport", "Sport", "2024-05-04 07:45"),
        ("lembra-me amanhã às nove de ligar à mãe", "ligar à mãe", "2024-05-04 09:00"),
        ("lembra-me daqui a duas horas de tirar o bolo", "tirar o bolo", "2024-05-03 14:00"),
        ("me lembra na segunda-feira às 8h30 da reunião", "reunião", "2024-05-06 08:30"),
        ("lembra-me depois de amanhã às nove da noite de sair", "sair", "2024-05-05 21:00"),
        ("lembra-me de pagar a renda no dia 1 às 9", "pagar a renda", "2024-06-01 09:00"),
        ("lembra-me hoje às 17h de sair", "sair", "2024-05-03 17:00"),
        ("recuérdame mañana a las nueve llamar a mamá", "llamar a mamá", "2024-05-04 09:00"),
        ("recuérdame mañana por la mañana de salir", "salir", "2024-05-04 09:00"),
        ("recuérdame dentro de dos horas que saque el pastel", "saque el pastel", "2024-05-03 14:00"),
        ("recuérdame el lunes a las 8 y media de la tarde la cena", "la cena", "2024-05-06 20:30"),
        ("recuérdame el 12 de junio a las 10 el examen", "el examen", "2024-06-12 10:00"),
        ("recuérdame pasado mañana a las 7 correr", "correr", "2024-05-05 07:00"),
        ("rappelle-moi demain à neuf heures d'appeler maman", "appeler maman", "2024-05-04 09:00"),
        ("rappelle-moi dans une demi-heure de sortir le gâteau", "sortir le gâteau", "2024-05-03 12:30"),
        ("rappelle-moi lundi prochain à 8h d’arroser", "arroser", "2024-05-06 08:00"),
        ("rappelle-moi ce soir de fermer", "fermer", "2024-05-03 19:00"),
        ("rappelle-moi le 12 juin à 10h l'examen", "l'examen", "2024-06-12 10:00"),
        ("rappelle-moi après-demain à midi de manger", "manger", "2024-05-05 12:00"),
    ],
)
def test_a_request_is_understood(text: str, about: str, when: str) -> None:
    assert meant(text) == (about, when, None)


@pytest.mark.parametrize(
    ("text", "when", "repeats"),
    [
        ("remind me every Monday at 8 to water the plants", "2024-05-06 08:00", "0 8 * * 1"),
        ("remind me to water the plants on Mondays and Thursdays at 8:30", "2024-05-06 08:30", "30 8 * * 1,4"),
        ("remind me every day at noon to eat", "2024-05-04 12:00", timedelta(days=1)),
        ("remind me daily at 8pm to write", "2024-05-03 20:00", timedelta(days=1)),
        ("remind me every morning to run", "2024-05-04 09:00", timedelta(days=1)),
        ("remind me every weekday at 7 to get up", "2024-05-06 07:00", "0 7 * * 1-5"),
        ("remind me every other day at 6pm to run", "2024-05-03 18:00", timedelta(days=2)),
        ("remind me every 2 weeks on Monday at 9 to report", "2024-05-06 09:00", timedelta(days=14)),
        ("remind me every week to report", "2024-05-10 09:00", timedelta(days=7)),
        ("remind me every 3 hours to drink", "2024-05-03 15:00", timedelta(hours=3)),
        ("remind me every month on the 1st at 9 to pay", "2024-06-01 09:00", "0 9 1 1,2,3,4,5,6,7,8,9,10,11,12 *"),
        ("remind me every month on the 31st to pay", "2024-05-31 09:00", "0 9 L 1,2,3,4,5,6,7,8,9,10,11,12 *"),
        ("remind me every year on 12 June to congratulate", "2024-06-12 09:00", "0 9 12 6 *"),
        ("erinnere mich jeden Montag um 8 an die Blumen", "2024-05-06 08:00", "0 8 * * 1"),
        ("lembre-me todos os dias às 20h de tomar o remédio", "2024-05-03 20:00", timedelta(days=1)),
        ("recuérdame cada lunes a las 8 regar las plantas", "2024-05-06 08:00", "0 8 * * 1"),
        ("rappelle-moi tous les jours à 20h30 de prendre mes médicaments", "2024-05-03 20:30", timedelta(days=1)),
    ],
)
def test_a_repetition_is_understood(text: str, when: str, repeats: object) -> None:
    assert meant(text)[1:] == (when, repeats)


def test_an_hour_that_may_be_in_the_morning_or_in_the_evening_is_asked_about() -> None:
    spoken = read_when("at nine")
    assert spoken is not None
    choice = resolve(spoken, NOW, MORNING)
    assert isinstance(choice, TimeChoice)
    assert list(choice.options) == ["today at 21:00", "tomorrow at 09:00"]
    chosen = [resolve(option, NOW, MORNING) for option in choice.options.values()]
    assert [plan.first.hour for plan in chosen if isinstance(plan, Plan)] == [21, 9]
    early = resolve(spoken, NOW.replace(hour=7), MORNING)
    late = resolve(spoken, NOW.replace(hour=22), MORNING)
    assert isinstance(early, Plan)
    assert isinstance(late, Plan)
    assert (early.first.day, early.first.hour) == (3, 9)
    assert (late.first.day, late.first.hour) == (4, 9)


def test_a_date_that_may_be_read_in_two_ways_is_asked_about() -> None:
    spoken = read_when("12/06")
    assert spoken is not None
    choice = resolve(spoken, NOW, MORNING)
    assert isinstance(choice, TimeChoice)
    assert list(choice.options) == ["6 December", "12 June"]


def test_today_without_a_time_is_asked_about_once_the_morning_is_over() -> None:
    spoken = read_when("today")
    assert spoken is not None
    assert isinstance(resolve(spoken, NOW, MORNING), TimeMissing)
    plan = resolve(spoken, NOW.replace(hour=7), MORNING)
    assert isinstance(plan, Plan)
    assert plan.first.hour == 9


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("yesterday at 9", "Thursday 2 May 2024, 09:00 is past"),
        ("today at 11:00am", "is past"),
        ("on 2020-01-01", "is past"),
        ("on 31 June", "31 June 2024 is not a date"),
        ("on 2024-13-01", "is not a date"),
        ("tomorrow at 25:00", "not a time of day"),
        ("every minute", "every five minutes at the most"),
        ("in 9999 years", "further ahead than my calendar goes"),
        ("every 30 seconds", "every five minutes at the most"),
        ("every 5 months", "every 1, 2, 3, 4 or 6 months"),
        ("every 2 years", "not every so many years"),
    ],
)
def test_what_can_not_be_meant_is_said(words: str, said: str) -> None:
    spoken = read_when(words)
    assert spoken is not None
    with pytest.raises(CommandError, match=said):
        resolve(spoken, NOW, MORNING)


def test_a_time_that_the_clocks_skip_is_moved_on_and_said() -> None:
    spoken = read_when("on 2025-03-30 at 02:30")
    assert spoken is not None
    plan = resolve(spoken, NOW, MORNING)
    assert isinstance(plan, Plan)
    assert f"{plan.first:%H:%M %z}" == "03:30 +0200"
    assert plan.note == "The clocks skip 02:30 that night, so I take 03:30."


def test_a_time_that_comes_twice_is_the_first_and_that_is_said() -> None:
    spoken = read_when("on 2024-10-27 at 02:30")
    assert spoken is not None
    plan = resolve(spoken, NOW, MORNING)
    assert isinstance(plan, Plan)
    assert plan.first.astimezone(UTC) == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert plan.note == "02:30 comes twice that night; I take the first."


def test_what_the_clocks_show_for_the_second_time_is_past_when_it_was_first() -> None:
    again = datetime(2024, 10, 27, 1, 15, tzinfo=UTC).astimezone(BERLIN)  # 02:15 for the second time
    spoken = read_when("today at 02:30")
    assert spoken is not None
    with pytest.raises(CommandError, match="is past"):
        resolve(replace(spoken, half="am"), again, MORNING)


def test_days_keep_their_clock_time_and_hours_their_length_when_the_clocks_change() -> None:
    eve = datetime(2024, 3, 30, 12, 0, tzinfo=BERLIN)
    assert meant("remind me in 1 day to rest", eve)[1] == "2024-03-31 12:00"
    assert meant("remind me in 24 hours to rest", eve)[1] == "2024-03-31 12:00"
    assert meant("remind me in 23 hours to rest", eve)[1] == "2024-03-31 12:00"


@pytest.mark.parametrize(
    "text",
    [
        "remind me what Ann said",
        "remind me of the wifi password",
        "erinnere mich, wann der Zug fährt",
        "recuérdame quién vino",
    ],
)
def test_a_question_what_was_said_asks_for_no_reminder(text: str) -> None:
    found = find_request(text)
    assert found is not None
    assert read_request(found[0], found[1]).is_question


@pytest.mark.parametrize("text", ["I will remind you", "the reminder", "", "erinnerung"])
def test_what_asks_for_nothing_is_left_alone(text: str) -> None:
    assert find_request(text) is None


def test_what_is_for_everybody_is_told_apart() -> None:
    words = ["remind us", "erinnere uns", "lembra-nos", "recuérdanos", "rappelle-nous"]
    assert [found[2] for text in words if (found := find_request(f"{text} x")) is not None] == [True] * 5


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_nothing_that_is_said_breaks_it(text: str, language: object) -> None:
    assert language in LANGUAGES
    spoken = read_request(text).when
    if spoken is not None:
        try:
            resolve(spoken, NOW, MORNING)
        except CommandError:
            return


@given(st.lists(st.sampled_from(sorted({word for language in LANGUAGES for word in language.words})), max_size=6))
def test_no_order_of_its_own_words_breaks_it(words: list[str]) -> None:
    spoken = read_request(" ".join([*words, "7", "12/31"])).when
    if spoken is not None:
        try:
            plan = resolve(spoken, NOW, MORNING)
        except CommandError:
            return
        assert not isinstance(plan, Plan) or plan.first > NOW
