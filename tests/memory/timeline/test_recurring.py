"""How often something happens, in its own words."""

from __future__ import annotations

import pytest

from memory.timeline.recurring import find_recurring


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The course is every Wednesday this month", "every Wednesday"),
        ("we meet on Thursdays at six", "on Thursdays"),
        ("every other week in the hall", "every other week"),
        ("Probe ist jeden zweiten Dienstag", "jeden zweiten Dienstag"),
        ("Probe ist mittwochs um acht", "mittwochs"),
        ("todas las mañanas", "todas las mañanas"),
        ("chaque samedi à midi", "chaque samedi"),
        ("ogni domenica", "ogni domenica"),
        ("todas as noites", "todas as noites"),
        ("elke vrijdag", "elke vrijdag"),
    ],
)
def test_what_recurs_is_told_as_it_was_said(text: str, words: str) -> None:
    assert find_recurring(text) == words


@pytest.mark.parametrize("text", ["on Wednesday", "every time I call", "each of us", "jeder weiß es", ""])
def test_what_happens_once_does_not_recur(text: str) -> None:
    assert find_recurring(text) is None
