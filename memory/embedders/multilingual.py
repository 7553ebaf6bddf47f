"""Which embedding models know other languages than English."""

from __future__ import annotations

RECOMMENDED = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
"""A multilingual model as small and quick as the bundled one (fifty languages, 384 dimensions, Apache-2.0)."""

_MARKS = ("multilingual", "bge-m3", "labse", "embeddings-v3", "hashing")


def is_multilingual(name: str) -> bool:
    """Tell from a model's name whether its vectors mean something in other languages; hashing compares letters."""
    return any(mark in name.lower() for mark in _MARKS)
