"""How well a recollection fits, on the scale that abstaining is decided on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory import ConversationRecord, Passage
from memory.search.relevance import closeness, relevance
from memory.search.terms import MAX_TERMS, terms

PLACE = ConversationRecord(1, "test", "1", "The trip", "group", None)


def said(text: str, author: str = "Mara", key: str | None = None) -> Passage:
    return Passage(1, PLACE, author, None, datetime(2024, 5, 3, tzinfo=UTC), "message", text, key=key)


@pytest.mark.parametrize(
    ("model", "cosine", "expected"),
    [
        ("all-MiniLM-L6-v2", 0.1, 0.0),
        ("all-MiniLM-L6-v2", 0.4, 0.5),
        ("all-MiniLM-L6-v2", 0.7, 1.0),
        ("all-MiniLM-L6-v2", -0.5, 0.0),
        ("all-MiniLM-L6-v2", 0.95, 1.0),
        ("intfloat/multilingual-E5-large", 0.75, 0.0),
        ("intfloat/multilingual-E5-large", 0.835, 0.5),
        ("intfloat/multilingual-E5-large", 0.92, 1.0),
    ],
)
def test_closeness_is_on_one_scale_for_every_model(model: str, cosine: float, expected: float) -> None:
    assert closeness(cosine, model) == pytest.approx(expected)


def test_words_and_meaning_count_the_same_and_words_decide_alone_without_a_vector() -> None:
    held = [said("the zeppelin lands")]
    assert relevance(["zeppelin"], held, None) == 1.0
    assert relevance(["zeppelin"], held, 0.5) == pytest.approx(0.75)
    assert relevance(["balloon"], held, 0.5) == pytest.approx(0.25)
    assert relevance([], held, 0.5) == pytest.approx(0.25)
    assert relevance(["zeppelin"], [], None) == 0.0


def test_the_tail_of_a_link_holds_no_word() -> None:
    link = [said("https://hotel.example/coconut?children=12&checkin=2026")]
    assert relevance(["children"], link, None) == 0.0
    assert relevance(["coconut"], link, None) == 1.0


def test_a_long_word_weighs_more_but_not_without_end() -> None:
    held = [said("the harbourmaster")]
    assert relevance(["harbourmaster", "cat"], held, None) == pytest.approx(8 / 11)
    assert relevance(["harbourmaster", "binnacle"], held, None) == pytest.approx(0.5)


def test_a_word_is_held_by_any_of_the_texts_by_their_author_and_by_what_a_fact_is_about() -> None:
    assert relevance(["hotel", "train"], [said("the hotel"), said("a train")], None) == 1.0
    assert relevance(["mara"], [said("nothing")], None) == 1.0
    assert relevance(["wifi"], [said("it is marmalade", key="wifi")], None) == 1.0


def test_inflected_words_are_the_same_word_in_their_language() -> None:
    assert relevance(["booking"], [said("we booked it")], None) == 1.0
    assert relevance(["love"], [said("Loved it the most")], None) == 1.0
    assert relevance(["lands"], [said("landsmen")], None) == 1.0, "the same beginning"
    assert relevance(["hund"], [said("mit Hunden")], None) == 0.0
    assert relevance(["hund"], [said("mit Hunden")], None, ["german"]) == 1.0
    assert relevance(["hunde"], [said("der Hund")], None, ["german"]) == 1.0


def test_a_character_of_an_unspaced_script_is_found_within_a_pair() -> None:
    assert relevance(["猫"], [said("黒猫が屋根で寝ている")], None) == 1.0
    assert relevance(["犬"], [said("黒猫が屋根で寝ている")], None) == 0.0


def test_the_words_searched_for_are_those_that_tell_unless_there_are_none() -> None:
    assert terms("Where is the zeppelin, the zeppelin?") == ["zeppelin"]
    assert terms("what is it?") == ["what", "is", "it"]
    assert terms("?") == []


def test_of_too_many_words_the_longest_are_searched_for_in_their_order() -> None:
    short = [f"x{number}" for number in range(10, 50)]
    long = [f"word{number}" for number in range(10, 50)]
    found = terms(" ".join([*short, *long]))
    assert len(found) == MAX_TERMS
    assert found[-len(long) :] == long
    assert found == [*short[: MAX_TERMS - len(long)], *long]


def test_forms_of_one_word_count_once() -> None:
    assert relevance(["live", "lives", "flat"], [said("a live app")], None) == pytest.approx(5 / 9)
