from __future__ import annotations

import pytest

from bot.answering.quoting.unknown_names import names_in, unknown_names
from tests.bot.answering.quoting.saying import recalled

SAID = recalled(("Tom", "my passport is in the blue folder"), ("Inês", "Lisbon was great"))


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("when did we go to Tokyo?", ["Tokyo"]),
        ("where is Tom's passport?", []),
        ("where is Inês' passport in May?", []),
        ("¿cuándo fuimos a Lisboa?", []),
        ("Wo ist der Ausweis?", []),  # nouns have capitals, too
        ("Where is it?", []),
        ("what is the URL?", []),  # it is told without being called so
    ],
)
def test_a_name_that_nobody_mentioned_is_told_from_one_that_somebody_did(question: str, unknown: list[str]) -> None:
    assert unknown_names(question, SAID) == unknown


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("when did we fly to KL?", ["KL"]),
        ("what is MY password?", []),
        ("WHEN DID WE FLY TO OSLO?", []),  # nothing is a name of what is shouted
    ],
)
def test_initials_are_names_unless_they_are_common_words_or_all_is_shouted(question: str, names: list[str]) -> None:
    assert names_in(question) == names
