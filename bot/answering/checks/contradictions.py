"""Memories that answer the same question in another way: a password that was changed, a date that was moved."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.checks.support import Support, stems_of
from bot.answering.evidence import Evidence
from bot.answering.quoting.dates import looks_back
from bot.answering.quoting.wanted import Asked, stem
from memory.search.segment import words

_FEWEST_WORDS = 2
"""Telling words a question must have: one word alone stands in too many memories."""


def find_rival(answer: str, asked: Asked, support: Support, evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the newest memory that holds all of the question's words, as the answer's own does, but not the answer."""
    names = {stem(part) for each in evidence for part in words(each.passage.author)}
    wanted = {each for each in asked.stems if each not in names}
    if looks_back(asked) or len(wanted) < _FEWEST_WORDS or len(support.evidence) != 1:
        return None  # (what happened may have happened twice)
    (own,) = support.evidence
    told = stems_of(answer) - wanted
    if not told or not wanted <= stems_of(own.passage.text):
        return None
    is_of_them = bool(set(words(own.passage.author)) & set(words(asked.text)))
    others = [each for each in evidence if each.passage.author == own.passage.author or not is_of_them]
    rivals = [each for each in others if wanted <= (said := stems_of(each.passage.text)) and not told & said]
    return max(rivals, key=lambda each: each.passage.said_at, default=None)
