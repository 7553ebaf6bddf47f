"""What is shown of a memory that answers nothing: only what says most of what was asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.nearest import find_nearest
from bot.answering.quoting.wanted import read_question
from tests.bot.answering.quoting.saying import recalled


@pytest.mark.parametrize(
    ("question", "text", "is_near"),
    [
        ("what does Tom want to build?", "maybe I bring the speaker building back into my life", True),
        ("what is Tom's blood type?", "it was a nice type of evening", False),
        ("has Tom seen the film about bees?", "have you seen the film about bees", False),
        ("what does Tom do?", "hello there", False),
    ],
)
def test_a_memory_is_near_that_says_most_of_what_is_asked(question: str, text: str, is_near: bool) -> None:  # noqa: FBT001 (a column)
    said = [replace(each, relevance=0.2) for each in recalled(("Tom", text))]
    assert (find_nearest(read_question(question), said) is not None) == is_near
