"""The part of a sentence that says what was asked: without the question's own words, and what only leads up to it."""

from __future__ import annotations

import re

from bot.answering.quoting.wanted import Asked, stem
from memory.search.segment import words
from memory.search.stopwords import STOP_WORDS

_CUT = re.compile(r"\s*[,;:()—–!?]+\s+|\s+-\s+|\.(?:\s+|$)|[!?]$")
_COMMON = frozenset().union(*STOP_WORDS.values())


def clause_of(sentence: str, asked: Asked) -> str:
    """Return the clause of a sentence that is new beside the question."""
    parts = [part.strip() for part in _CUT.split(sentence) if part and part.strip()]
    if not parts:
        return sentence
    scored = [(_worth(part, asked), -at, part) for at, part in enumerate(parts)]
    return trim(max(scored)[2], asked)


def _worth(part: str, asked: Asked) -> float:
    said = [stem(word) for word in words(part)]
    new = [word for word in said if word not in asked.stems and word not in _COMMON]
    hit = [word for word in set(said) if word in asked.stems]
    return (1 if hit else 0.3) * min(len(new), 6) + 1.5 * len(hit)


def trim(part: str, asked: Asked) -> str:
    """Return a clause without the question's words and small words at its edges."""
    tokens = part.split()
    while len(tokens) > 1 and _is_old(tokens[0], asked):
        tokens.pop(0)
    while len(tokens) > 1 and _is_old(tokens[-1], asked):
        tokens.pop()
    return " ".join(tokens)


def _is_old(token: str, asked: Asked) -> bool:
    said = words(token)
    return not said or all(stem(word) in asked.stems or word in _COMMON for word in said)
