"""A "who" is answered by one who wrote, or is named in, what tells of what is asked; others are turned away."""

from __future__ import annotations

import pytest

from bot.answering.checks.who_answers import are_doers
from bot.answering.prompting.evidence import evidence_of
from bot.answering.quoting.wanted import read_question
from tests.bot.answering.quoting.saying import recalled

CHAT = (
    ("Mara", "booked the hotel, Rua da Rosa, 12–16 June"),
    ("Inês", "the hotel has a kitchen on the floor"),
    ("Jonas", "the spare key is with Tom, ask him"),
    ("Inês", "Tom, who took the spare key?"),
    ("Tom", "Inês fed the cat"),
    ("Inês", "I reserved a table for four"),
    ("Jonas", "I have my leave and my mum is coming for the dogs"),
    ("Jonas", "either way, the ferry is at nine"),
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("wer hat eine Kraftkammer daheim?", "Du hast echt eine geile Kraftkammer daheim"),
        ("¿quién tiene una moto azul?", "Tienes una moto azul muy bonita"),
        ("qui a une belle terrasse ?", "Tu as une belle terrasse"),
        ("chi ha una moto blu?", "Hai una moto blu bellissima"),
        ("who has a blue motorbike?", "you have such a nice blue motorbike"),
    ],
)
def test_who_is_spoken_to_is_not_who_speaks(question: str, said: str) -> None:
    evidence = evidence_of(question, recalled(("Bea", said), ("Rui", "👌")), None, 1000, len)
    assert not are_doers("Bea", read_question(question), evidence)


@pytest.mark.parametrize(
    ("question", "answer", "stands"),
    [
        ("who booked the hotel?", "Mara", True),
        ("who booked the hotel?", "Mara booked it", True),
        ("who booked the hotel?", "Inês", False),  # told of the hotel, not of the booking
        ("who has the spare key?", "Tom", True),
        ("who has the spare key?", "Inês", False),  # only asked about it
        ("who fed the cat?", "Inês", True),
        ("who fed the cat?", "Tom", False),  # told of somebody else
        ("who looks after the dogs?", "Jonas", False),  # it is his mother
        ("who booked the ferry?", "Jonas", False),  # told of the ferry, not of the booking
        ("who fed the cat?", "the neighbour", True),  # whether that is said anywhere is another check's
    ],
)
def test_who_did_it_stands_in_what_tells_of_it(question: str, answer: str, *, stands: bool) -> None:
    evidence = evidence_of(question, recalled(*CHAT), None, 1000, len)
    assert are_doers(answer, read_question(question), evidence) is stands


def test_a_question_in_another_language_is_held_against_its_words_in_english() -> None:
    asked = read_question("Quem reservou o hotel?")
    evidence = evidence_of(asked.text, recalled(*CHAT), None, 1000, len)
    assert are_doers("Mara", asked, evidence)
    assert not are_doers("Inês", asked, evidence)


def test_a_follow_up_needs_its_own_words_more_than_those_it_leans_on() -> None:
    asked = read_question("and who paid?", "when did we book the hotel in Lisbon?")
    said = recalled(("Jonas", "hotel 612 (Mara): everybody has paid"), ("Tom", "booked my flight to Lisbon"))
    said += recalled(CHAT[0], ("Mara", "paid Tom 54,45"))
    evidence = evidence_of(asked.text, said, None, 1000, len)
    assert are_doers("Mara", asked, evidence)
    assert not are_doers("Tom", asked, evidence)


def test_who_tells_what_somebody_else_does_is_not_the_one_who_does_it() -> None:
    asked = read_question("who takes care of the cat?")
    said = recalled(("Mara", "Frau Lehmann takes Pixel, she's buying food for the cat"))
    evidence = evidence_of(asked.text, said, None, 1000, len)
    assert not are_doers("Mara", asked, evidence)
    assert are_doers("Frau Lehmann", asked, evidence)
    bitten = recalled(("Mara", "the cat does not take care, it bit me"))
    assert not are_doers("Mara", asked, evidence_of(asked.text, bitten, None, 1000, len))
    own = recalled(("Mara", "Auntie Jo and I take care of the cat"))
    assert are_doers("Mara", asked, evidence_of(asked.text, own, None, 1000, len))
