"""How well a recollection fits its question, on a scale that is the same for every question.

Scores within a recall are relative to its best; whether the best is any good is another matter. It is what abstaining
is decided on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from memory.records import Passage
from memory.search.segment import is_single
from memory.search.stemming import comparable, stem_of

COSINE_FLOOR, COSINE_CEILING = 0.1, 0.7
"""Cosines of unrelated and of closely related texts with all-MiniLM-L6-v2; other models lie near."""


def relevance(
    query: Sequence[str], texts: Sequence[Passage], cosine: float | None, languages: Sequence[str] = ()
) -> float:
    """Return 0 (nothing in common) to 1: the mean of shared words and of meaning.

    Without a vector the words decide alone. `languages` are those that the question may be in.
    """
    shared = _shared(query, texts, languages)
    if cosine is None:
        return shared
    close = min(max((cosine - COSINE_FLOOR) / (COSINE_CEILING - COSINE_FLOOR), 0.0), 1.0)
    return (shared + close) / 2


def _shared(query: Sequence[str], texts: Sequence[Passage], languages: Sequence[str]) -> float:
    """Return the share of the question's words that the texts hold, a long word weighing more; roughly stemmed."""
    if not query:
        return 0.0
    held = set[str]().union(*(comparable(f"{each.author} {each.keyed_text}", languages) for each in texts))
    weights = {word: min(len(word), 8) for word in query}
    return sum(weight for word, weight in weights.items() if _holds(held, word, languages)) / sum(weights.values())


def _holds(held: Collection[str], word: str, languages: Sequence[str]) -> bool:
    return any(word in each for each in held) if is_single(word) else stem_of(word, languages) in held
