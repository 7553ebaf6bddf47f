"""The few words of a message that are held to answer, where no date, person, place or number is asked for."""

from __future__ import annotations

import pytest

from bot.answering.short_answers import short_answer
from tests.bot.answering.quoting.saying import recalled


@pytest.mark.parametrize(
    ("question", "said", "words"),
    [
        ("what book is Ada reading?", 'I am reading "The Salt Path" at the moment, it is lovely', "The Salt Path"),
        ("why is Ada late?", "sorry I'm late, because the bridge was closed for repairs", "the bridge was closed"),
        ("what did Ada plant on the balcony?", "I planted tomatoes, basil and mint on the balcony", "tomatoes, basil"),
        ("Warum fährt Ada mit dem Rad?", "ich fahre mit dem Rad, weil die Bahn streikt", "die Bahn streikt"),
        ("猫の名前は何ですか？", "猫の名前はモモです", "モモ"),
    ],
)
def test_the_words_that_answer_are_found_in_a_message(question: str, said: str, words: str) -> None:
    found = short_answer(question, recalled(("Ada", said)))
    assert found is not None
    assert words in found.text
    assert found.text in said
    assert not found.is_named


@pytest.mark.parametrize("said", ["!!!", "…", "ok", '"', "- - -", "🎂"])
def test_a_message_without_telling_words_is_returned_whole(said: str) -> None:
    found = short_answer("is that Ada's plan?", recalled(("Ada", said)))
    assert found is not None
    assert found.text == said
