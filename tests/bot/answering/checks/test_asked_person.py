from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.answering.checks.asked_person import is_told_of_others, told_of
from bot.answering.checks.pronouns import count_pronouns
from bot.answering.quoting.wanted import read_question
from memory.records import ConversationRecord, Passage, PassageKind, Recollection

CHAT = ConversationRecord(1, "whatsapp", "c", "Friends", "group", None)
NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)


def recalled(*said: tuple[str, str], kind: PassageKind = "message") -> list[Recollection]:
    return [
        Recollection(Passage(at, CHAT, author, None, NOON + timedelta(minutes=at), kind, text), 2.0 - at / 10, 0.9)
        for at, (author, text) in enumerate(said)
    ]


BIKE = recalled(("Bob", "My bike was stolen in front of the library"), ("Ann", "Oh no, your bike!"))


def test_what_one_did_is_not_told_of_the_other() -> None:
    assert is_told_of_others(read_question("Where was Ann's bike stolen?"), BIKE)
    assert not is_told_of_others(read_question("Where was Bob's bike stolen?"), BIKE)


def test_what_others_tell_of_somebody_by_name_is_told_of_them() -> None:
    said = recalled(("Bob", "Ann sold her car for 900 euros"), ("Bob", "I will miss that car"))
    assert not is_told_of_others(read_question("How much did Ann sell her car for?"), said)
    thanks = recalled(("Bob", "Thanks, Ann! I sold my car for 900 euros"), ("Ann", "good for you"))
    assert is_told_of_others(read_question("How much did Ann sell her car for?"), thanks)


@pytest.mark.parametrize(
    "question", ["Where was the bike stolen?", "Where was Zoe's bike stolen?", "Are Ann and Bob well?"]
)
def test_a_question_about_nobody_or_both_is_not_judged(question: str) -> None:
    assert told_of(read_question(question), BIKE) is None


def test_where_only_one_wrote_nothing_is_told_of_others() -> None:
    assert told_of(read_question("Where was Ann's bike stolen?"), BIKE[:1]) is None
    assert told_of(read_question("Where was Ann's bike stolen?"), []) is None


def test_who_asks_the_other_tells_of_nobody() -> None:
    said = recalled(
        ("Bob", "Cool! Any favourite dance styles?"), ("Ann", "Of all dances contemporary is my top pick! Yours?")
    )
    assert not is_told_of_others(read_question("What is Ann's favourite style of dance?"), said)


def test_a_document_is_told_of_whom_it_names() -> None:
    paper = recalled(("Bob", "Invoice for Ann Miller: one bike"), kind="document") + recalled(("Ann", "here it is"))
    assert not is_told_of_others(read_question("What did Ann buy?"), paper)


@pytest.mark.parametrize(
    ("text", "pronouns"),
    [
        ("I lost my keys", (2, 0)),
        ("you’re late", (0, 1)),
        ("Ich suche dich", (1, 1)),
        ("it rains", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_pronouns_tell_who_a_text_is_about(text: str, pronouns: tuple[int, int]) -> None:
    assert count_pronouns(text) == pronouns
