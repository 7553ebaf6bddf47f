"""Which passages a full-text search scores: those with the most telling of a question's words, not all with any.

Scoring costs time for every match, and a common word matches a large part of a large memory. The best passages have a
rare word, or several that are less so; the idea is that of WAND (Broder et al., "Efficient query evaluation using a
two-level retrieval process", 2003), carried out in the full-text query itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

from memory.search.segment import is_single

COMBINED = 8
"""Words, the rarest, of which combinations are looked at."""
TOGETHER = 2.0
"""How much oftener words of one question stand together than chance has it; a guess that need not be good."""

_Words = tuple[str, ...]


def expression(frequencies: Mapping[str, int], total: int, enough: float) -> str:
    """Return the FTS5 query that matches about `enough` of `total` passages, the best for these words among them.

    `frequencies` says how many passages have each word, more than none. When all matches together are no more than
    enough, all match. A match is scored by all of the words, whichever it was let in by.
    """
    every = " OR ".join(quote_word(word) for word in frequencies)
    if sum(frequencies.values()) <= enough:
        return every
    return f"({' OR '.join(_all_of(words) for words in _telling(frequencies, total, enough))}) AND ({every})"


def _telling(frequencies: Mapping[str, int], total: int, enough: float) -> list[_Words]:
    """Return sets of words, the most telling together first, until passages with all words of a set are enough."""
    rarest = sorted(frequencies, key=frequencies.__getitem__)[:COMBINED]
    share = {word: min(frequencies[word] / total, 1.0) for word in rarest}
    chosen: dict[_Words, float] = {}
    for words in _by_weight([each for size in (1, 2, 3) for each in combinations(rarest, size)], share):
        matches = total * math.prod(share[word] for word in words) * (TOGETHER if len(words) > 1 else 1.0)
        # What has more of the same words is let in by these alone.
        others = {other: expected for other, expected in chosen.items() if not set(words) <= set(other)}
        if chosen and sum(others.values()) + matches > enough:
            break
        chosen = {**others, words: matches}
    return list(chosen)


def _by_weight(sets: Sequence[_Words], share: Mapping[str, float]) -> list[_Words]:
    """Sort sets of words by the sum of their inverse document frequencies, the greatest first."""
    weight = {word: math.log(1 + 1 / share[word]) for word in share}
    return sorted(sets, key=lambda words: -sum(weight[word] for word in words))


def _all_of(words: _Words) -> str:
    return quote_word(words[0]) if len(words) == 1 else f"({' AND '.join(map(quote_word, words))})"


def quote_word(word: str) -> str:
    """Return the FTS5 query for a word."""
    return f'"{word}"*' if is_single(word) else f'"{word}"'
