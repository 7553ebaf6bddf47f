from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.quoting.shorten import shorten


def test_a_long_text_is_cut_around_the_words_of_the_question() -> None:
    text = "first of all " * 60 + "then Mara booked the hotel in Rua da Rosa " + "and so on " * 60
    short = shorten(text, "when was the hotel booking?")
    assert "Mara booked the hotel in Rua da Rosa" in short
    assert short.startswith("… ")
    assert short.endswith(" …")
    assert len(short) <= 284


def test_a_long_text_that_has_nothing_of_the_question_is_cut_at_its_end() -> None:
    assert shorten("word " * 200, "hotel?") == ("word " * 56).strip() + " …"


def test_a_text_without_spaces_is_cut_around_what_matches() -> None:
    text = "あ" * 500 + "東京のホテルを予約した" + "い" * 500
    assert "東京のホテルを予約した" in shorten(text, "ホテルの予約はいつ?")


@given(st.text(max_size=2000), st.text(max_size=100), st.integers(20, 300))
def test_a_cut_text_is_a_part_of_the_whole_and_no_longer_than_asked(text: str, question: str, longest: int) -> None:
    short = shorten(text, question, longest)
    assert len(short) <= longest + 4
    assert "\n" not in short
    whole = " ".join(text.replace("\0", " ").split())
    assert short.removeprefix("… ").removesuffix(" …") in whole
