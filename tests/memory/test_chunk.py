from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memory.chunk import ROOM, split, weight

SENTENCE = "The quick brown fox jumps over the lazy dog. "


def test_what_fits_stays_whole() -> None:
    assert split("One.\n\nTwo.") == ["One.\n\nTwo."]


def test_nothing_has_no_parts() -> None:
    assert split(" \n\n ") == []


def test_paragraphs_are_kept_together_and_packed() -> None:
    paragraphs = ["a" * 30, "b" * 30, "c" * 30]
    assert split("\n\n".join(paragraphs), room=70) == ["\n\n".join(paragraphs[:2]), paragraphs[2]]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    parts = split(SENTENCE * 50)
    assert len(parts) > 1
    assert all(part.startswith("The quick") and part.endswith("dog.") for part in parts)


def test_a_long_sentence_is_cut_between_words() -> None:
    parts = split("word " * 500)
    assert all(set(part.split()) == {"word"} for part in parts)
    assert sum(len(part.split()) for part in parts) == 500


def test_a_word_that_is_too_long_is_cut_at_last() -> None:
    assert [len(part) for part in split("x" * (2 * ROOM + 5))] == [ROOM, ROOM, 5]


def test_a_long_paragraph_between_short_ones_does_not_swallow_them() -> None:
    parts = split(f"Short before.\n\n{SENTENCE * 40}\n\nShort after.")
    assert parts[0] == "Short before."
    assert parts[-1].endswith("Short after.")


def test_scripts_without_spaces_take_more_room() -> None:
    text = "猫が魚を食べた。" * 200
    parts = split(text)
    assert all(weight(part) <= ROOM and len(part) <= ROOM // 2 for part in parts)
    assert all(part.endswith("。") for part in parts)
    assert "".join(parts) == text


@given(st.text(st.sampled_from("ab.!? \n\t猫。,é\U0001f426"), max_size=400), st.integers(1, 60))
def test_no_character_but_blanks_is_lost_and_every_part_fits(text: str, room: int) -> None:
    parts = split(text, room)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(weight(part) <= max(room, 3) for part in parts)
    assert all(part == part.strip() != "" for part in parts)
