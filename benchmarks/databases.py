"""Large memories to recall from: generated chats and made-up vectors, both through the real store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.corpus import Corpus
from memory import Entry, Memory
from memory.addresses import StoreAddress
from memory.embedders import Embedder, EmbedderIdentity, Vectors

T = TypeVar("T")

BATCH = 2000
CLUSTERS = 200
QUESTIONS = 120
SCATTER = 1.2
"""How far vectors lie from the centre of their cluster: cosines within one are about 0.4, as those of a topic."""


async def build(store: Path | StoreAddress, messages: int, embedder: Embedder) -> list[str]:
    """Write a memory of `messages` messages to a file or a server, and return questions about it."""
    corpus = Corpus(messages)
    asked_about: list[Entry] = []
    async with Memory.open(store, embedder) as memory:
        for chat in corpus.chats:
            conversation = await memory.conversations.ensure("benchmark", chat.title, title=chat.title, kind="group")
            for batch in _batches(corpus.entries(chat)):
                await memory.passages.add(conversation, batch)
                asked_about += batch[::97]
    await _add_vectors(store, embedder)
    return corpus.questions(asked_about, QUESTIONS)


async def _add_vectors(store: Path | StoreAddress, embedder: Embedder) -> None:
    """Give every passage a made-up vector, in the name of the model: a million real ones would take hours."""
    async with Memory.open(store, _ScatteredEmbedder(embedder.identity)) as memory:
        await memory.embeddings.embed_pending()


class _ScatteredEmbedder:
    """Makes vectors that lie around the centres of clusters, whatever the texts say."""

    def __init__(self, identity: EmbedderIdentity) -> None:
        self.identity = identity
        self._draw = np.random.default_rng(1)
        self._centres = self._draw.standard_normal((CLUSTERS, identity.dimensions), dtype=np.float32)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text."""
        size = (len(texts), self.identity.dimensions)
        near = self._centres[self._draw.integers(0, CLUSTERS, len(texts))]
        made = near + SCATTER * self._draw.standard_normal(size, dtype=np.float32)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        return made

    def embed_query(self, text: str) -> Vectors:
        """Return a vector for a question."""
        vector: Vectors = self.embed([text])[0]
        return vector


def _batches(items: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(items, BATCH)):
        yield batch
