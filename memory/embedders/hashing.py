"""The embedder of last resort: no model at all, only words and pieces of words, hashed."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from memory.embedders import EmbedderIdentity, Vectors
from memory.embedders.texts import readable
from memory.embedders.unit import unit_rows

_DIMENSIONS = 384
_RECIPE = "1"
_GRAM = 3
_WORD_WEIGHT = 1.0
_GRAM_WEIGHT = 0.5
_KNUTH = np.uint64(2654435761)
"""The multiplier of Fibonacci hashing (Knuth, TAOCP 3, 6.4): spreads the checksum's bits."""

_WORDS = re.compile(r"[^\s!-/:-@\[-`{-~\u2000-\u206f\u3000-\u303f\uff00-\uff0f]+")
"""Runs of anything but space and punctuation, so that vowel signs stay with their consonants."""


class HashingEmbedder:
    """Signed feature hashing (Weinberger et al., 2009) of words and character n-grams into 384 dimensions.

    Texts are near when they share words, parts of words or, in scripts without spaces, characters: it forgives
    endings and typing errors, but knows no meaning. The same everywhere and for ever; nothing to load.
    """

    @property
    def identity(self) -> EmbedderIdentity:
        """The recipe's number stands for a digest: there are no weights."""
        return EmbedderIdentity(name="hashing", digest=_RECIPE, dimensions=_DIMENSIONS)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (len(texts), 384), rows of length 1."""
        vectors = np.zeros((len(texts), _DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            _add_features(readable(text), vectors[row])
        # Text without a single word, or whose features cancel out, still needs a vector: any fixed one will do.
        vectors[~vectors.any(axis=1), 0] = 1
        return unit_rows(vectors, vectors.shape, "hashing")

    def embed_query(self, text: str) -> Vectors:
        """Return float32 of shape (384,), length 1: a question is embedded as any text."""
        vector: Vectors = self.embed([text])[0]
        return vector


def _add_features(text: str, vector: Vectors) -> None:
    """Add the weight of every feature at its hash, with its hash's sign; repetition counts by its square root."""
    counts = Counter(_features(unicodedata.normalize("NFKC", text).casefold()))
    if not counts:
        return
    hashes = np.array([zlib.crc32(feature.encode()) for feature, _ in counts], dtype=np.uint64) * _KNUTH
    weights = np.array([weight * count**0.5 for (_, weight), count in counts.items()], dtype=np.float32)
    signs = np.where((hashes >> np.uint64(31)) & np.uint64(1), np.float32(1), np.float32(-1))
    np.add.at(vector, (hashes & np.uint64(0xFFFFFFFF)) % np.uint64(_DIMENSIONS), signs * weights)


def _features(text: str) -> Iterator[tuple[str, float]]:
    """Yield features with their weights: each word, and each n-gram of it with its borders marked."""
    for word in _WORDS.findall(text):
        yield word, _WORD_WEIGHT
        size = _gram_size(word)
        bordered = f"<{word}>"
        for start in range(len(bordered) - size + 1):
            yield bordered[start : start + size], _GRAM_WEIGHT


def _gram_size(word: str) -> int:
    """Two characters for Chinese, Japanese, Korean and Thai, where they already make a word; else three."""
    return 2 if ord(max(word)) >= ord("\u0e00") else _GRAM
