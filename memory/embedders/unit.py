"""The promise that every embedder makes about its vectors, kept in one place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from memory.embedders import Vectors
from memory.errors import EmbedderError


def unit_rows(rows: npt.ArrayLike, shape: tuple[int, int], model: str) -> Vectors:
    """Return `rows` as float32 of `shape` with rows of length 1; raise EmbedderError, naming `model`, if they can't be.

    sqlite-vec stores NaN without complaint and distances to it poison a ranking, so it is stopped here.
    """
    vectors = np.asarray(rows, dtype=np.float32)
    if vectors.shape != shape:
        raise EmbedderError(f"The embedding model {model} gave vectors of shape {vectors.shape} instead of {shape}.")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise EmbedderError(f"The embedding model {model} gave a vector that is zero or not finite.")
    unit: Vectors = vectors / lengths
    return unit
