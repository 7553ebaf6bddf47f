"""How much a word says about the passages that have it; source of the formula: SQLite's FTS5, k1 = 1.2, b = 0.75."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

K1, B = 1.2, 0.75
_LEAST_WEIGHT = 1e-6
"""The weight of a word that more than half of all passages have, as FTS5 has it."""

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.integer]


def weigh(passages: int, found: int, often: Numbers, sizes: Numbers, mean_size: float) -> Floats:
    """Return what a word adds to the BM25 score of each passage that has it.

    Of `passages` in all, whose mean size is `mean_size` terms, `found` have the word. `often` says how many times each
    has it, `sizes` how many terms each has.
    """
    rarity = np.log((passages - found + 0.5) / (found + 0.5))
    weight = rarity if rarity > 0 else _LEAST_WEIGHT
    counts = often.astype(np.float64)
    weights: Floats = weight * (counts * (K1 + 1)) / (counts + K1 * (1 - B + B * sizes / mean_size))
    return weights
