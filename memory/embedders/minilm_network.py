"""The network of all-MiniLM-L6-v2 in numpy, for machines without ONNX Runtime.

A BERT encoder (Devlin et al., 2019) with the weights of the packed file, followed by mean pooling and normalisation. It
differs from the graph that ONNX Runtime runs (minilm_graph.py) by less than that differs from itself with other texts
in the batch, which change how it quantises; so both give vectors of one identity.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from memory.embedders.minilm_packing import INTEGERS, SCALES, TABLE, TOKENIZER, Tensor, restore_floats, unpack
from memory.embedders.wordpiece import WordPiece

MAX_TOKENS = 256
LAYERS = 6
_HEADS = 12
_HIDDEN = 384
_MASKED = np.float32(-1e4)

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class MiniLmNetwork:
    """Texts to unit vectors, by float arithmetic on the quantised weights; usable by several threads at once."""

    def __init__(self, packed: Path) -> None:
        arrays = unpack(packed)
        vocabulary = json.loads(arrays[TOKENIZER].tobytes())["model"]["vocab"]
        self._tokenizer = WordPiece(vocabulary, longest=MAX_TOKENS)
        # The table of words stays in integers: few of its rows are needed, and as floats it would take 47 MB.
        self._words = arrays.pop(TABLE + INTEGERS).astype(np.int8, copy=False)
        self._word_scales = arrays.pop(TABLE + SCALES).astype(np.float32, copy=False)
        self._weights = {
            name: np.ascontiguousarray(tensor.T) if name.startswith("encoder.") else tensor
            for name, tensor in restore_floats(arrays)
        }
        for layer in range(LAYERS):
            self._join_attention(f"encoder.layer.{layer}.attention.self")

    def embed(self, texts: Sequence[str], batch_size: int = 32) -> Iterator[Tensor]:
        """Yield one vector of 384 numbers and length 1 for each text."""
        for start in range(0, len(texts), batch_size):
            yield from self.embed_tokens(self.tokenize(texts[start : start + batch_size]))

    def tokenize(self, texts: Sequence[str]) -> list[Sequence[int]]:
        """Return the tokens of each text, cut to what the model takes."""
        return [self._tokenizer.numbers(text) for text in texts]

    def query_embed(self, query: str) -> Iterator[Tensor]:
        """Yield the vector of a question; this model has no prefix for queries."""
        return self.embed([query])

    def embed_tokens(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """Return the vectors of texts, all computed at once."""
        numbers, present = _pad(rows)
        hidden = self._look_up(numbers)
        mask = np.where(present, np.float32(0), _MASKED)[:, None, None, :]
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}", hidden, mask)
        pooled: Tensor = (present[:, None, :].astype(np.float32) @ hidden)[:, 0]
        vectors: Tensor = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return vectors

    def _look_up(self, numbers: Numbers) -> Tensor:
        hidden = self._words[numbers].astype(np.float32) * self._word_scales[numbers]
        hidden += self._weights["embeddings.position_embeddings.weight"][: numbers.shape[1]]
        hidden += self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._normalise("embeddings.LayerNorm", hidden)

    def _layer(self, name: str, hidden: Tensor, mask: Tensor) -> Tensor:
        attended = self._attend(f"{name}.attention.self", hidden, mask)
        attended = self._multiply(f"{name}.attention.output.dense", attended)
        attended += hidden
        hidden = self._normalise(f"{name}.attention.output.LayerNorm", attended)
        widened = _gelu(self._multiply(f"{name}.intermediate.dense", hidden))
        narrowed = self._multiply(f"{name}.output.dense", widened)
        narrowed += hidden
        return self._normalise(f"{name}.output.LayerNorm", narrowed)

    def _attend(self, name: str, hidden: Tensor, mask: Tensor) -> Tensor:
        texts, tokens, _ = hidden.shape
        joined = self._multiply(name, hidden).reshape(texts, tokens, 3, _HEADS, _HIDDEN // _HEADS)
        query, key, value = joined.transpose(2, 0, 3, 1, 4)
        scores = query @ key.swapaxes(2, 3)
        scores /= np.float32(np.sqrt(_HIDDEN // _HEADS))
        scores += mask
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        attended: Tensor = (scores @ value).swapaxes(1, 2).reshape(texts, tokens, _HIDDEN)
        return attended

    def _multiply(self, name: str, hidden: Tensor) -> Tensor:
        # One product for the whole batch: numpy would make one for each text of a stack.
        product: Tensor = hidden.reshape(-1, hidden.shape[-1]) @ self._weights[f"{name}.weight"]
        product += self._weights[f"{name}.bias"]
        return product.reshape(*hidden.shape[:-1], -1)

    def _normalise(self, name: str, hidden: Tensor) -> Tensor:
        hidden = hidden - hidden.mean(axis=-1, keepdims=True)
        variance = np.einsum("...i,...i->...", hidden, hidden)[..., None] / np.float32(hidden.shape[-1])
        hidden *= 1 / np.sqrt(variance + np.float32(1e-12))
        hidden *= self._weights[f"{name}.weight"]
        hidden += self._weights[f"{name}.bias"]
        return hidden

    def _join_attention(self, name: str) -> None:
        """Put query, key and value side by side, so that one product makes all three."""
        for kind, axis in (("weight", 1), ("bias", 0)):
            parts = [self._weights.pop(f"{name}.{part}.{kind}") for part in ("query", "key", "value")]
            self._weights[f"{name}.{kind}"] = np.concatenate(parts, axis=axis)


def _pad(rows: Sequence[Sequence[int]]) -> tuple[Numbers, Flags]:
    """Return the rows as one table, filled up with zeros, and which of its places a row has filled."""
    lengths = np.array([len(row) for row in rows])
    numbers = np.zeros((len(rows), lengths.max()), dtype=np.int64)
    for at, row in enumerate(rows):
        numbers[at, : len(row)] = row
    return numbers, np.arange(numbers.shape[1]) < lengths[:, None]


def _gelu(values: Tensor) -> Tensor:
    """Apply GELU by its tanh form (Hendrycks and Gimpel, 2016), whose error of 0.001 is below that of the weights."""
    inner = values * values
    inner *= np.float32(0.044715)
    inner += 1
    inner *= values
    inner *= np.float32(np.sqrt(2 / np.pi))
    np.tanh(inner, out=inner)
    inner += 1
    inner *= values
    inner *= np.float32(0.5)
    return inner
