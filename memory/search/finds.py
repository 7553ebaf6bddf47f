"""What of a recall somebody who searches wants to see: a question wants the best, a search all that fit and no more."""

from __future__ import annotations

from collections.abc import Sequence

from memory.records import Recollection

FITS = 0.6
"""The share of the best one's relevance below which what has none of the words is left out."""
LEAST = 0.005
"""What fits less fits "0 %"."""


def keep_finds(recalled: Sequence[Recollection]) -> list[Recollection]:
    """Return what has words of the search, then what is nearly as close in meaning as the best; each best first."""
    least = max(FITS * max((each.relevance for each in recalled), default=0.0), LEAST)
    by_words = [each for each in recalled if "words" in each.parts]
    by_meaning = [each for each in recalled if "words" not in each.parts and each.relevance >= least]
    return [*by_words, *by_meaning]
