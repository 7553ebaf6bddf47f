"""Chooses the best that differ, so that an answer made of several things finds all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from memory.embedders import Vectors

VARIETY = 0.4
"""What the cosine with the nearest of what is chosen already takes from a score."""


def choose_varied(
    ids: Sequence[int], scores: Mapping[int, float], vectors: Mapping[int, Vectors], limit: int
) -> dict[int, float]:
    """Return at most `limit` ids as they are chosen, each with what its likeness to earlier ones takes from its score.

    Source: Carbonell and Goldstein, "The use of MMR" (1998). What has no vector is like nothing.
    """
    if not ids:
        return {}
    zero = np.zeros(len(next(iter(vectors.values()), np.zeros(1))), dtype=np.float32)
    matrix = np.stack([vectors.get(each, zero) for each in ids])
    total = np.array([scores[each] for each in ids])
    nearest = np.zeros(len(ids))
    chosen: dict[int, float] = {}
    for _ in range(min(limit, len(ids))):
        at = int(np.argmax(total - VARIETY * nearest))
        chosen[ids[at]] = -VARIETY * float(nearest[at])
        total[at] = -np.inf
        # Not `@`, which wakes threads for so small a product.
        nearest = np.maximum(nearest, np.vecdot(matrix, matrix[at]))
    return chosen
