"""What is read out of an answer."""

from __future__ import annotations

import pytest

from bot.answering.speech_text import spoken_text


@pytest.mark.parametrize(
    ("answer", "spoken"),
    [
        ("The key is under the **blue** pot [1].", "The key is under the blue pot."),
        ("- `tent`\n- sleeping bag [1][2]\n\nThat is all.", "tent\nsleeping bag\nThat is all."),
        ("See [the plan](https://plan.example/x) at https://plan.example/y today.", "See the plan at today."),
        ("# Trip\n\n> We leave *at nine*.", "Trip\nWe leave at nine."),
        ("```\nx = 1\n```", ""),
        ("[1]", ""),
    ],
)
def test_the_words_are_left_without_marks_addresses_and_citations(answer: str, spoken: str) -> None:
    assert spoken_text(answer, 100) == spoken


def test_of_a_long_answer_the_first_whole_sentences_are_spoken() -> None:
    assert spoken_text("One two. Three four. Five six.", 25) == "One two. Three four."
    assert spoken_text("word " * 30, 24) == "word word word word word"
