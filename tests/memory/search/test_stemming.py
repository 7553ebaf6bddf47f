"""Other forms of a word: its stem where its language is known, pieces of it where nothing stems it."""

from __future__ import annotations

import pytest

from memory.search.languages import PIECES
from memory.search.stemming import comparable, forms_of, index_text, stem_forms


@pytest.mark.parametrize(
    ("words", "languages", "forms"),
    [
        (["houses", "running", "ran"], ["english"], ["hous", "run"]),
        (["häuser", "haus"], ["german"], []),
        (["houses", "housing"], ["english"], ["hous"]),
        (["gatos"], ["english", "spanish"], ["gato", "gat"]),
        (["kahvila"], [PIECES], ["kahv", "ahvi", "hvil", "vila"]),
        (["abc"], [PIECES], []),
        (["מפתח"], [PIECES], ["מפת", "פתח"]),
        (["houses"], [], []),
    ],
)
def test_the_forms_of_words_leave_out_the_words_themselves(
    words: list[str], languages: list[str], forms: list[str]
) -> None:
    assert stem_forms(words, languages) == forms


def test_a_text_is_indexed_with_the_forms_of_its_words_below_it() -> None:
    assert index_text("Running to the Ключи", ["russian"]) == "running to the ключи\nключ"
    assert index_text("running houses", ["english"]) == "running houses\nrun hous"
    assert index_text("dog", ["english"]) == "dog"
    assert index_text("running running", []) == "running running"
    assert index_text("駅 houses", ["english"]).split("\n") == [" 駅  houses", "hous"]


def test_a_word_is_compared_by_its_stem_or_by_how_it_begins() -> None:
    assert forms_of("häusern", ["german"]) == ("haus",)
    assert forms_of("kahvilassa", [PIECES]) == ("kahvi",)
    assert forms_of("loved", []) == ("loved", "love")
    assert forms_of("photography", []) == ("photo", "photographi")
    assert forms_of("łódeczka", []) == ("łódeczka",)


def test_inflected_words_share_a_form() -> None:
    assert comparable("Loved Photos", []) == {"loved", "love", "photo"}
    assert comparable("kahvila kahvilassa", [PIECES]) == {"kahvi"}
