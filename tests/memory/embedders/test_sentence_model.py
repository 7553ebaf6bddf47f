"""How texts are put into batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pytest

from memory.embedders.bundled import BundledEmbedder
from memory.embedders.sentence_model import BATCH_TEXTS, BATCH_TOKENS, SentenceModel, TokenEncoder
from memory.errors import EmbedderError

FULL, SPLIT = "no pain no gain ", "qxzvjkwqpzxvjkq "
"""As many bytes, four tokens and sixteen."""
TEXTS = [part * times for times in range(1, 13) for part in (FULL, SPLIT)] * 8


class LetterEncoder:
    """Turns known words into one token each and others into one a letter; notes the lengths of each batch."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def tokenize(self, documents: Sequence[str], /) -> list[Sequence[int]]:
        return [[len(part) for word in text.split() for part in parts_of(word)] for text in documents]

    def embed_tokens(self, rows: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        self.batches.append([len(row) for row in rows])
        return np.array([[1.0, len(row)] for row in rows], dtype=np.float32)

    def embed(self, documents: Sequence[str], _batch_size: int = 0, /) -> Iterable[npt.NDArray[np.number]]:
        return self.embed_tokens(self.tokenize(documents))

    def query_embed(self, query: str) -> Iterable[npt.NDArray[np.number]]:
        return self.embed([query])


class FailingEncoder(LetterEncoder):
    def tokenize(self, _documents: Sequence[str], /) -> list[Sequence[int]]:
        raise ValueError("no such token")


def parts_of(word: str) -> Iterable[str]:
    return [word] if word in FULL.split() else word


def test_what_the_tokenizer_raises_is_an_embedder_error() -> None:
    with pytest.raises(EmbedderError, match="failed: no such token"):
        SentenceModel(FailingEncoder, name="letters", dimensions=2).embed(["a"])


def test_texts_with_as_many_tokens_share_a_batch_however_many_bytes_they_have() -> None:
    encoder = LetterEncoder()
    vectors = SentenceModel(lambda: encoder, name="letters", dimensions=2, workers=2).embed(TEXTS)
    lengths = [len(row) for row in encoder.tokenize(TEXTS)]
    assert np.allclose(vectors[:, 1] / vectors[:, 0], lengths)
    padded = sum(len(batch) * max(batch) for batch in encoder.batches)
    assert padded <= 1.12 * sum(lengths)
    assert all(len(batch) * max(batch) <= BATCH_TOKENS and len(batch) <= BATCH_TEXTS for batch in encoder.batches)


def test_the_bundled_model_is_batched_by_its_tokens(bundled: BundledEmbedder) -> None:
    assert isinstance(bundled._model._model(), TokenEncoder)
