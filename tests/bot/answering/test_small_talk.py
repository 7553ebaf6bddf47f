"""What the bot says by itself: that nothing is known, in the asker's words where they make a sentence."""

from __future__ import annotations

import pytest

from bot.answering.small_talk import say_unknown


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what is Mara's blood type?", "Nothing is known of Mara's blood type."),
        ("who is Ann?", "Nothing is known of Ann."),
        ("what is my shoe size?", "Nothing is known of your shoe size."),
        ("what is Leo's sister called?", "Nothing is known of Leo's sister."),
        ("what was the painting like?", "Nothing is known of the painting."),
        ("who is allergic to nuts?", "I remember nothing about that."),
        ("what is Ann reading now?", "I remember nothing about that."),
        ("Wer ist der Chef?", "Über den Chef ist nichts bekannt."),
    ],
)
def test_that_nothing_is_known_is_said_in_the_askers_words(question: str, said: str) -> None:
    assert say_unknown(question) == said
