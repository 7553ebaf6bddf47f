"""Text to vectors, behind one protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """Which model made a vector. Vectors of different identities never meet in one ranking.

    `digest` tells builds of the same model apart (weights and precision), `dimensions` is the vector's length.
    """

    name: str
    digest: str
    dimensions: int


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors; blocking and CPU-bound, called from one worker thread at a time."""

    @property
    def identity(self) -> EmbedderIdentity:
        """Which model this is; known without loading the model where that is possible."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (len(texts), dimensions), rows of length 1. Raises EmbedderError."""

    def embed_query(self, text: str) -> Vectors:
        """Return float32 of shape (dimensions,), length 1, with the model's query prefix where it has one."""
