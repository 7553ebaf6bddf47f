"""Which passages a full-text search scores: those with the rarest words of the question, not all that have any.

Scoring costs time for every match, and a common word matches a large part of a large memory. The best passages have a
rare word, or several that are less so; the idea is that of WAND (Broder et al., "Efficient query evaluation using a
two-level retrieval process", 2003), carried out with sets of words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

COMBINED = 8
"""Words, the rarest, of which combinations are looked at."""
TOGETHER = 2.0
"""How much oftener words of one question stand together than chance has it; a guess that need not be good."""

Words = tuple[str, ...]
"""Words that a passage has all of."""


def find_telling(frequencies: Mapping[str, int], total: int, enough: float) -> list[Words] | None:
    """Return sets of words, the most telling together first, until passages with all words of a set are enough.

    `frequencies` says how many of `total` passages have each word, more than none. None where all that have any of the
    words are no more than enough.
    """
    if sum(frequencies.values()) <= enough:
        return None
    rarest = sorted(frequencies, key=frequencies.__getitem__)[:COMBINED]
    share = {word: min(frequencies[word] / total, 1.0) for word in rarest}
    chosen: dict[Words, float] = {}
    for words in _by_weight([each for size in (1, 2, 3) for each in combinations(rarest, size)], share):
        matches = total * math.prod(share[word] for word in words) * (TOGETHER if len(words) > 1 else 1.0)
        # What has more of the same words is let in by these alone.
        others = {other: expected for other, expected in chosen.items() if not set(words) <= set(other)}
        if chosen and sum(others.values()) + matches > enough:
            break
        chosen = {**others, words: matches}
    return list(chosen)


def _by_weight(sets: Sequence[Words], share: Mapping[str, float]) -> list[Words]:
    """Sort sets of words by the sum of their inverse document frequencies, the greatest first."""
    weight = {word: math.log(1 + 1 / share[word]) for word in share}
    return sorted(sets, key=lambda words: -sum(weight[word] for word in words))
