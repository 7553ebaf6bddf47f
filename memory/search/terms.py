"""Which words of a question are searched for."""

from __future__ import annotations

from memory.search.question_words import without_asking
from memory.search.segment import words
from memory.search.stopwords import without_stop_words

MAX_TERMS = 48
"""The most words of a question that are searched for; the longest are kept."""


def terms(question: str) -> list[str]:
    """Return the words of a question worth searching for, without repeats.

    Stop words go, unless nothing else is there.
    """
    unique = list(dict.fromkeys(words(without_asking(question)) or words(question)))
    telling = without_stop_words(unique) or unique
    if len(telling) > MAX_TERMS:
        longest = set(sorted(telling, key=len, reverse=True)[:MAX_TERMS])
        telling = [word for word in telling if word in longest][:MAX_TERMS]
    return telling
