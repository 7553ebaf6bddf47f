"""Calls embedders, which may be anybody's code, and lets nothing out but unit vectors and EmbedderError."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy.typing as npt

from memory.embedders import Embedder, Vectors
from memory.embedders.unit import unit_rows
from memory.errors import EmbedderError


def embed(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Return one vector a text, of shape (len(texts), dimensions). Blocking. Raises EmbedderError."""
    return _check(embedder, lambda: embedder.embed(texts), len(texts))


def embed_query(embedder: Embedder, text: str) -> Vectors:
    """Return a question's vector, of shape (dimensions,). Blocking. Raises EmbedderError."""
    vector: Vectors = _check(embedder, lambda: [embedder.embed_query(text)], 1)[0]
    return vector


def _check(embedder: Embedder, make: Callable[[], npt.ArrayLike], rows: int) -> Vectors:
    identity = embedder.identity
    try:
        made = make()
    except EmbedderError:
        raise
    except Exception as error:
        raise EmbedderError(f"The embedding model {identity.name} failed: {error}") from error
    return unit_rows(made, (rows, identity.dimensions), identity.name)
