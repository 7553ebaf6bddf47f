from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.answering.prompting.evidence import MOST, MOST_OF_A_LIST, evidence_of, line_of
from memory.records import ConversationRecord, Passage, PassageKind, Recollection

TRIP = ConversationRecord(1, "whatsapp", "trip", "Lisbon trip", "group", None)
WORK = ConversationRecord(2, "slack", "work", "Work", "group", None)
EVENING = datetime(2024, 5, 3, 21, 14, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def words(text: str) -> int:
    return len(text.split())


def said(
    text: str, day: int = 0, author: str = "Mara", home: ConversationRecord = TRIP, kind: PassageKind = "message"
) -> Recollection:
    moment = EVENING + timedelta(days=day)
    return Recollection(Passage(day + 1, home, author, None, moment, kind, text), 1.0, 0.9)


def test_a_line_is_the_day_who_said_it_and_the_words() -> None:
    assert line_of("when?", said("booked the  hotel\n[1]"), None) == "3 May 2024, Mara: booked the hotel (1)"
    assert line_of("when?", said("booked"), TOKYO) == "4 May 2024, Mara: booked"


def test_words_such_as_yesterday_carry_the_day_they_meant() -> None:
    line = line_of("when?", said("Booked it yesterday, we fly next month"), None)
    assert line == "3 May 2024, Mara: Booked it yesterday [2 May 2024], we fly next month [June 2024]"


def test_the_best_come_in_the_order_of_time_and_know_their_rank() -> None:
    evidence = evidence_of("?", [said("third", 3), said("first", 1), said("second", 2)], None, 100, words)
    assert [(each.passage.text, each.rank) for each in evidence] == [("first", 2), ("second", 3), ("third", 1)]


def test_there_are_never_more_than_fit_and_a_single_long_one_is_cut() -> None:
    many = [said(f"memory {day}", day) for day in range(20)]
    assert len(evidence_of("?", many, None, 1000, words)) == MOST
    assert len(evidence_of("?", many, None, 1000, words, several=True)) == MOST_OF_A_LIST
    assert len(evidence_of("?", many, None, 14, words)) == 2
    (cut,) = evidence_of("?", [said("w " * 150)], None, 20, words)
    assert words(cut.line) <= 21
    assert evidence_of("?", [], None, 100, words) == ()


def test_the_chats_name_stands_there_only_where_there_are_several() -> None:
    one, two = said("booked", 1), said("deployed", 2, home=WORK)
    assert "Lisbon" not in evidence_of("?", [one], None, 100, words)[0].line
    assert [each.line for each in evidence_of("?", [one, two], None, 100, words)] == [
        "4 May 2024, Lisbon trip, Mara: booked",
        "5 May 2024, Work, Mara: deployed",
    ]


def test_of_a_long_text_the_part_that_fits_the_question_is_read() -> None:
    text = "so " * 300 + "the hotel costs 90 euros a night " + "and " * 300
    line = line_of("what does the hotel cost?", said(text), None)
    assert "90 euros" in line
    assert len(line) < 500


def test_a_very_short_message_is_read_with_the_question_it_answers() -> None:
    answer, question = said("Lisbon!"), said("Where shall we go?", author="Jo").passage
    short = Recollection(answer.passage, 1.0, 0.9, context=(question,))
    assert line_of("where?", short, None) == "3 May 2024, Mara: (asked by Jo: Where shall we go?) Lisbon!"
    long = Recollection(said("we go to Lisbon in the middle of June").passage, 1.0, 0.9, context=(question,))
    assert "asked" not in line_of("where?", long, None)


def test_a_list_is_gathered_from_what_the_person_asked_about_said() -> None:
    others = [said(f"have you seen my plant {day}?", day, author="Tomas") for day in range(MOST_OF_A_LIST)]
    own = [said("I grow beans", 20), said("and basil", 21)]
    told = evidence_of("What does Mara grow?", [*others, *own], None, 1000, words, several=True)
    assert [each.passage.text for each in told[-2:]] == ["I grow beans", "and basil"]
    assert [each.rank for each in told[-2:]] == [MOST_OF_A_LIST + 1, MOST_OF_A_LIST + 2]
    either = evidence_of("What do Mara and Tomas grow?", [*others, *own], None, 1000, words, several=True)
    assert {each.passage.author for each in either} == {"Tomas"}
