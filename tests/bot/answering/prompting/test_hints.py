from __future__ import annotations

import pytest

from bot.answering.prompting.hints import hint_of
from bot.answering.quoting.wanted import read_question


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("When did we book the hotel?", "Answer with the date."),
        ("At what time does the train leave?", "Answer with the time."),
        ("Who paid?", "Answer with who it is."),
        ("Where did we stay?", "Answer with the place."),
        ("How many people are coming?", "Count them."),
        ("Did Jo pay?", "Answer yes or no."),
        ("Would Jo enjoy a cruise?", "Conclude: likely yes or likely no, because …"),
        ("Would Jo rather go to the sea or the mountains?", "Answer with one of the two."),
        ("Was the party good?", "Answer yes or no."),
        ("Was kocht Jo?", "Answer with a short phrase from the memories. Answer in German."),
        ("Do Jo and Ana eat what they grow?", "Answer yes or no."),
        ("What might Jo study?", "Conclude what is most likely, in a few words."),
        ("Which countries has Jo been to?", "Name all that the memories tell."),
        ("What kinds of plants does Jo grow?", "Name all that the memories tell."),
        ("What board games has Jo played?", "Name all that the memories tell."),
        ("What has Jo painted?", "Name all that the memories tell."),
        ("What do Jo and Ana have in common?", "Name all that the memories tell."),
        ("What does Jo do to relax?", "Name all that the memories tell."),
        ("What happened to Jo's bus?", "Answer with a short phrase from the memories."),
        ("What makes Jo happy?", "Answer with a short phrase from the memories."),
        ("What is Jo's bus number?", "Answer with a short phrase from the memories."),
        ("Why did Jo sell the car?", "Answer with a short phrase from the memories."),
        ("Wann haben wir das Hotel gebucht?", "Answer with the date. Answer in German."),
        ("¿Quién pagó el hotel?", "Answer with who it is. Answer in Spanish."),
    ],
)
def test_the_hint_says_what_kind_of_answer_is_wanted_and_in_which_language(question: str, hint: str) -> None:
    assert hint_of(read_question(question)) == hint
