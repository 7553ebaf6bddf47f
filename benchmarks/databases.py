"""Large memories to recall from: generated chats and made-up vectors, both through the real store."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import aiosqlite
import numpy as np

from benchmarks.corpus import Corpus
from memory import Entry, Memory
from memory.embedders import Embedder, Vectors
from memory.sqlite import vectors
from memory.sqlite.store import Store

T = TypeVar("T")

BATCH = 2000
CLUSTERS = 200
QUESTIONS = 120
SCATTER = 1.2
"""How far vectors lie from the centre of their cluster: cosines within one are about 0.4, as those of a topic."""


async def build(path: Path, messages: int, embedder: Embedder) -> list[str]:
    """Write a memory of `messages` messages to `path`, and return questions about it."""
    corpus = Corpus(messages)
    asked_about: list[Entry] = []
    async with Memory.open(path, embedder) as memory:
        for chat in corpus.chats:
            conversation = await memory.conversations.ensure("benchmark", chat.title, title=chat.title, kind="group")
            for batch in _batches(corpus.entries(chat)):
                await memory.passages.add(conversation, batch)
                asked_about += batch[::97]
    await _add_vectors(path, embedder)
    return corpus.questions(asked_about, QUESTIONS)


async def _add_vectors(path: Path, embedder: Embedder) -> None:
    draw = np.random.default_rng(1)
    dimensions = embedder.identity.dimensions
    centres = draw.standard_normal((CLUSTERS, dimensions), dtype=np.float32)
    async with Store.open(path) as store:
        rows = await store.read("SELECT id, conversation_id FROM passages ORDER BY id")
        for batch in _batches(iter(rows)):
            near = centres[draw.integers(0, CLUSTERS, len(batch))]
            made = near + SCATTER * draw.standard_normal((len(batch), dimensions), dtype=np.float32)
            made /= np.linalg.norm(made, axis=1, keepdims=True)
            await store.write(partial(_put, embedder=embedder, rows=[(row[0], row[1]) for row in batch], made=made))


async def _put(
    connection: aiosqlite.Connection, *, embedder: Embedder, rows: list[tuple[int, int]], made: Vectors
) -> None:
    model = await vectors.register(connection, embedder.identity)
    await vectors.put(connection, model, rows, made)
    await connection.executemany("DELETE FROM embedding_queue WHERE passage_id = ?", [(row[0],) for row in rows])


def _batches(items: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(items, BATCH)):
        yield batch
