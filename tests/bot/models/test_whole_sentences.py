from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.whole_sentences import WholeSentences


def shown(said: str, *, limit: int, cut: bool, size: int = 1) -> str:
    """Return what is shown of an answer that comes in tokens of `size` characters."""
    text = WholeSentences(limit)
    pieces = [said[at : at + size] for at in range(0, len(said), size)]
    return "".join([*(text.feed(piece, number) for number, piece in enumerate(pieces, 1)), text.finish(cut=cut)])


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Mara booked it on 3 May. [1] Tom paid for it with", "Mara booked it on 3 May. [1]"),
        ("- the hotel\n- the flights\n- the tick", "- the hotel\n- the flights\n"),
        ("She said “yes!” Then she", "She said “yes!”"),
        ("三日に予約した。それから", "三日に予約した。"),
        ("It was booked. It costs 3.", "It was booked."),
        ("It was booked. [1", "It was booked."),
        ("It was booked. [1][2] T", "It was booked. [1][2]"),
        ("It was booked. Tom paid.", "It was booked. Tom paid."),
        ("It was booked by", "It was booked by…"),
        ("azulejo", "azulejo…"),
        ("", ""),
    ],
)
def test_an_answer_that_was_cut_ends_with_a_whole_sentence(said: str, answer: str) -> None:
    text = WholeSentences(0)
    assert text.feed(said, 1) + text.finish(cut=True) == answer


def test_an_answer_that_ended_by_itself_is_whole() -> None:
    assert shown("It costs 3", limit=10, cut=False) == "It costs 3"


def test_far_from_the_limit_every_word_is_given_out_at_once() -> None:
    text = WholeSentences(400)
    assert [text.feed(word, number) for number, word in enumerate(("Mara ", "booked "), 1)] == ["Mara ", "booked "]


def test_a_sentence_begun_far_from_the_limit_ends_with_an_ellipsis() -> None:
    said = "It was booked by Mara and by Tom and by Ana and by"
    assert shown(said, limit=len(said), cut=True) == f"{said}…"


@given(st.text("ab.!? \n[1]3。", max_size=80), st.integers(1, 90), st.booleans())
def test_nothing_is_added_but_an_ellipsis_and_nothing_lost_but_the_end(said: str, limit: int, cut: bool) -> None:  # noqa: FBT001 (Hypothesis gives it)
    answer = shown(said, limit=limit, cut=cut)
    assert said.startswith(answer.removesuffix("…").rstrip())
    assert cut or answer == said
