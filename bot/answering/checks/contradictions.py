"""Memories that answer the same question in another way: a password that was changed, a date that was moved."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.checks.support import Support, stems_of
from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.dates import looks_back
from bot.answering.quoting.sentences import asks_something, split
from bot.answering.quoting.wanted import NAMED, Asked, stem
from bot.answering.short_answers import short_answer
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
    rivals = [each for each in others if _answers(asked, wanted, each) and not told & stems_of(each.passage.text)]
    return max(rivals, key=lambda each: each.passage.said_at, default=None)


def _answers(asked: Asked, wanted: set[str], evidence: Evidence) -> bool:
    """Say whether one sentence of a memory holds all that is asked, and names what is asked for where that has a kind.

    The words alone may stand far apart in a long message that is about something else.
    """
    sentences = [each for each in split(evidence.passage.text, asked) if wanted <= stems_of(each)]
    if not any(not asks_something(each) for each in sentences):
        return False
    found = short_answer(asked.text, (evidence.recollection,)) if asked.wanted in NAMED else None
    return asked.wanted not in NAMED or (found is not None and found.is_named)
