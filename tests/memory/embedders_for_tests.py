"""Embedders that misbehave, or that tell what they were asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np

from memory.embedders import EmbedderIdentity, Vectors
from memory.embedders.hashing import HashingEmbedder


class Named:
    """A hashing embedder under another name, which counts what it embeds."""

    def __init__(self, name: str, dimensions: int = 384) -> None:
        self.identity = EmbedderIdentity(name, "1", dimensions)
        self.texts: list[str] = []
        self.questions: list[str] = []
        self._hashing = HashingEmbedder()

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._hashing.embed(texts)[:, : self.identity.dimensions]

    def embed_query(self, text: str) -> Vectors:
        self.questions.append(text)
        return self._hashing.embed_query(text)[: self.identity.dimensions]


class Raising(Named):
    """Fails as long as it is told to."""

    def __init__(self) -> None:
        super().__init__("raising")
        self.fails = True

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.fails:
            raise RuntimeError("out of everything")
        return super().embed(texts)

    def embed_query(self, text: str) -> Vectors:
        if self.fails:
            raise RuntimeError("out of everything")
        return super().embed_query(text)


class Yielding(Named):
    """Yields what is no unit vector of the right shape."""

    def __init__(self, what: Vectors) -> None:
        super().__init__("yielding")
        self._what = what

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.broadcast_to(self._what, (len(texts), *self._what.shape))

    def embed_query(self, text: str) -> Vectors:
        assert text
        return self._what


class Slow(Named):
    """Takes its time, and says when it has begun."""

    def __init__(self, seconds: float, name: str = "slow") -> None:
        super().__init__(name)
        self.began = threading.Event()
        self._seconds = seconds

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.began.set()
        time.sleep(self._seconds)
        return super().embed(texts)
