"""Runs an embedding model at full speed and within bounded memory: sorted by length in tokens, in small batches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from memory.embedders import Vectors
from memory.embedders.texts import readable
from memory.embedders.unit import unit_rows
from memory.errors import EmbedderError

BATCH_TEXTS = 32
BATCH_TOKENS = 1024
"""Tokens of a batch, padding included: past that a batch outgrows the processor's caches and gets slower, and memory
grows without any gain."""
_BYTES_A_TOKEN = 4
"""Of UTF-8, about: for models that can't say how many tokens a text has."""

Tokens = Sequence[int]
"""A text as a model reads it: the numbers of its tokens, without padding."""


class SentenceEncoder(Protocol):
    """What runs a model: fastembed's class, and ours in numpy."""

    def embed(self, documents: Sequence[str], batch_size: int = ..., /) -> Iterable[npt.NDArray[np.number]]:
        """Yield a vector for each text, `batch_size` of them computed at once."""

    def query_embed(self, query: str, /) -> Iterable[npt.NDArray[np.number]]:
        """Yield the vector of a question."""


@runtime_checkable
class TokenEncoder(SentenceEncoder, Protocol):
    """An encoder that tokenizes and computes in two steps, so that a batch can be of texts with as many tokens.

    Of texts as long in bytes, one has half as many tokens again as another, and padding takes as long as tokens do.
    """

    def tokenize(self, documents: Sequence[str], /) -> list[Tokens]:
        """Return the tokens of each text, cut to what the model takes."""

    def embed_tokens(self, rows: Sequence[Tokens], /) -> Iterable[npt.NDArray[np.number]]:
        """Yield a vector for each text, all computed at once."""


class SentenceModel:
    """A model that is loaded on first use, by one thread, and then serves any number of them.

    `load` may raise anything; it reaches the caller as EmbedderError. `name` is the model's name in messages. `workers`
    batches are computed side by side, by a model of which each call takes one thread.
    """

    def __init__(self, load: Callable[[], SentenceEncoder], *, name: str, dimensions: int, workers: int = 1) -> None:
        self._load = load
        self._name = name
        self._dimensions = dimensions
        self._workers = workers
        self._lock = Lock()
        self._loaded: SentenceEncoder | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in the order of `texts`. Raises EmbedderError."""
        vectors = np.empty((len(texts), self._dimensions), dtype=np.float32)
        if not texts:
            return vectors
        prepared = [readable(text) for text in texts]
        model = self._model()

        def fill(rows: list[int]) -> None:
            with np.errstate(invalid="ignore"):  # what comes out is judged below
                vectors[rows] = list(compute(rows))

        try:
            sizes, compute = _divide(model, prepared)
            self._run(fill, list(_batches(sizes)))
        except Exception as error:
            raise self._explain_failure(error) from error
        return unit_rows(vectors, vectors.shape, self._name)

    def _run(self, fill: Callable[[list[int]], None], batches: list[list[int]]) -> None:
        if self._workers == 1 or len(batches) == 1:
            for rows in batches:
                fill(rows)
            return
        # The longest first, so that none is left to one worker alone at the end.
        with ThreadPoolExecutor(self._workers, thread_name_prefix="embedder") as pool:
            for done in [pool.submit(fill, rows) for rows in reversed(batches)]:
                done.result()

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of a question, with the model's own query prefix. Raises EmbedderError."""
        model = self._model()
        try:
            rows = list(model.query_embed(readable(text)))
        except Exception as error:
            raise self._explain_failure(error) from error
        vector: Vectors = unit_rows(rows, (1, self._dimensions), self._name)[0]
        return vector

    def _model(self) -> SentenceEncoder:
        with self._lock:
            if self._loaded is None:
                try:
                    self._loaded = self._load()
                except EmbedderError:
                    raise
                except Exception as error:
                    raise EmbedderError(f"The embedding model {self._name} can't be loaded: {error}") from error
            return self._loaded

    def _explain_failure(self, error: Exception) -> EmbedderError:
        return EmbedderError(f"The embedding model {self._name} failed: {error}")


def usable_threads(threads: int | None) -> int:
    """Return `threads`, or when it is None as many as pay: one for each processor of this process, four at most."""
    if threads is not None:
        return max(1, threads)
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(4, processors)


def _divide(
    model: SentenceEncoder, texts: Sequence[str]
) -> tuple[list[int], Callable[[list[int]], Iterable[npt.NDArray[np.number]]]]:
    """Return the length of each text in tokens, and what computes the vectors of some of them at once."""
    if isinstance(model, TokenEncoder):
        tokens, encoder = model.tokenize(texts), model
        return [len(each) for each in tokens], lambda rows: encoder.embed_tokens([tokens[row] for row in rows])
    sizes = [-(-len(text.encode()) // _BYTES_A_TOKEN) for text in texts]
    return sizes, lambda rows: model.embed([texts[row] for row in rows], len(rows))


def _batches(sizes: Sequence[int]) -> Iterator[list[int]]:
    """Yield rows grouped by similar size, shortest first, so that little of a batch is padding."""
    batch: list[int] = []
    for row in sorted(range(len(sizes)), key=sizes.__getitem__):
        if batch and (len(batch) == BATCH_TEXTS or sizes[row] * (len(batch) + 1) > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
