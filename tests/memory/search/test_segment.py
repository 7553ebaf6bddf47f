"""What the full-text index is given of a text, and which words a question is cut into."""

from __future__ import annotations

import pytest

from memory.search.segment import clean, clean_optional, has_unspaced, is_single, segment, words


@pytest.mark.parametrize(
    ("text", "indexed"),
    [
        ("Plain English stays.", "Plain English stays."),
        ("a\0b", "a b"),
        ("Café STRASSE Straße", "café strasse strasse"),
        ("ＡＢＣ and ёлка", "abc and елка"),
        ("東京駅", " 東京 京駅 駅 "),
        ("a東京b", "a 東京 京 b"),
        ("병원에서", " 병원 원에 에서 서 "),
        ("well 👍🏽", "well  emoji1f44d "),
        ("👨\u200d👩", " emoji1f468  emoji1f469 "),
        ("❤\ufe0f", " emoji2764 "),
    ],
)
def test_what_is_indexed_of_a_text(text: str, indexed: str) -> None:
    assert segment(text) == indexed


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("It's an E-mail!", ["it", "s", "an", "e", "mail"]),
        ("Was’ der Fuß… juckt", ["was", "der", "fuss", "juckt"]),
        ("हिन्दी है", ["हिन्दी", "है"]),
        ("猫", ["猫"]),
        ("の", ["の"]),
        ("猫と犬", ["猫と", "と犬", "猫", "犬"]),
        ("猫はどこ", ["猫は", "はど", "どこ", "猫"]),
        ("黒猫はどこ", ["黒猫", "猫は", "はど", "どこ"]),
        ("see 東京 é", ["see", "東京", "é"]),
    ],
)
def test_the_words_of_a_question(text: str, cut: list[str]) -> None:
    assert words(text) == cut


def test_a_character_that_comes_again_is_read_as_it_was_the_first_time() -> None:
    for character in ("‽", "⁂", "𝄞", "𐀀"):
        first, again = words(f"é{character}é"), words(f"é{character}é")
        assert first == again
        assert first in (["é", "é"], [f"é{character}é"])


@pytest.mark.parametrize(
    ("text", "kept"), [("é\0é", "é é"), ("a\ud800b\udfffc", "a b c"), ("as it is: é", "as it is: é")]
)
def test_what_no_database_can_hold_becomes_a_space(text: str, kept: str) -> None:
    assert clean(text) == kept
    assert clean_optional(text) == kept


def test_no_text_stays_none() -> None:
    assert clean_optional(None) is None


def test_scripts_without_spaces_are_known() -> None:
    assert [has_unspaced(text) for text in ("cat", "Mädchen", "the 猫", "ไป")] == [False, False, True, True]
    assert [is_single(word) for word in ("猫", "猫猫", "c", "é", "")] == [True, False, False, False, False]
