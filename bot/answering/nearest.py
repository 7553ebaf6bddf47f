"""What comes nearest to a question that nothing answers: it is shown, so that people can look for themselves."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.quoting.sentences import asks_something
from bot.answering.quoting.wanted import Asked, stem
from memory import Recollection
from memory.search.segment import words

_FITS_WELL = 0.6
"""Relevance from which a memory is shown although it does not answer: it fits the question's words and meaning."""
_MOSTLY = 0.5
"""Share of what is asked that a memory must say otherwise; a long word weighs more, as in recall."""
_LONGEST = 8


def find_nearest(asked: Asked, recollections: Sequence[Recollection]) -> Recollection | None:
    """Return the first that fits well by meaning, or that says most of what is asked; None where none does."""
    return next((each for each in recollections if each.relevance >= _FITS_WELL or _says_most(asked, each)), None)


def _says_most(asked: Asked, recollection: Recollection) -> bool:
    """Say whether a text tells most of the question's words, of which names of those who wrote are none."""
    text = recollection.passage.text
    writers = {part for each in (recollection.passage, *recollection.context) for part in words(each.author)}
    weights = {each: min(len(each), _LONGEST) for each in asked.stems if each not in {stem(part) for part in writers}}
    if not weights or asks_something(text):
        return False
    said = {stem(word) for word in words(text)}
    return sum(weight for each, weight in weights.items() if each in said) >= _MOSTLY * sum(weights.values())
