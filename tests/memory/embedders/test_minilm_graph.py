from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from memory.embedders.bundled import BundledEmbedder
from memory.embedders.minilm_packing import quantise

Floats = npt.NDArray[np.float32]

VARIED = [
    "The meeting was moved to Thursday afternoon.",
    "Caroline: I went to a support group yesterday and it was so powerful.",
    "What is the wifi password at the cabin?",
    "Wir treffen uns morgen um acht am Bahnhof.",
    "pip install --upgrade 'requests[socks]' fails with SSLError(1)",
    "My grandmother's recipe: two eggs, 200 g flour, a pinch of salt, and patience. " * 4,
    "thx, see you at 5!",
]


@pytest.fixture(scope="module")
def weights(weights_dir: Path) -> dict[str, Floats]:
    return load_file(weights_dir / "model.safetensors")


@pytest.fixture(scope="module")
def tokenizer(weights_dir: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(weights_dir / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    return tokenizer


class Reference:
    """BERT's forward pass for one text in float numpy, written from the paper and sharing nothing with the graph."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        self.weights = weights

    def embed(self, ids: list[int]) -> Floats:
        table = {name: self.weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position")}
        segment = self.weights["embeddings.token_type_embeddings.weight"][0]
        hidden = self.norm("embeddings.LayerNorm", table["word"][ids] + table["position"][: len(ids)] + segment)
        for layer in range(6):
            hidden = self.layer(f"encoder.layer.{layer}", hidden)
        mean: Floats = hidden.mean(axis=0)
        unit: Floats = mean / np.linalg.norm(mean)
        return unit

    def layer(self, name: str, hidden: Floats) -> Floats:
        query, key, value = (
            self.dense(f"{name}.attention.self.{part}", hidden).reshape(-1, 12, 32).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = np.exp(query @ key.swapaxes(1, 2) / math.sqrt(32))
        mixed = (scores / scores.sum(axis=-1, keepdims=True) @ value).swapaxes(0, 1).reshape(-1, 384)
        hidden = self.norm(
            f"{name}.attention.output.LayerNorm", self.dense(f"{name}.attention.output.dense", mixed) + hidden
        )
        wide = self.dense(f"{name}.intermediate.dense", hidden)
        wide = wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2))) / 2
        return self.norm(f"{name}.output.LayerNorm", self.dense(f"{name}.output.dense", wide) + hidden)

    def dense(self, name: str, hidden: Floats) -> Floats:
        product: Floats = hidden @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return product

    def norm(self, name: str, hidden: Floats) -> Floats:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        shifted: Floats = scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return shifted


def test_the_8_bit_graph_agrees_with_a_float_forward_pass(
    bundled: BundledEmbedder, weights: dict[str, Floats], tokenizer: Tokenizer
) -> None:
    reference = Reference(weights)
    expected = np.array([reference.embed(tokenizer.encode(text).ids) for text in VARIED])
    cosines = np.sum(bundled.embed(VARIED) * expected, axis=1)
    assert cosines.mean() > 0.98
    assert cosines.min() > 0.96


def test_padding_does_not_leak_into_a_vector(bundled: BundledEmbedder) -> None:
    # The sizes differ, yet all of them go into one batch and are padded to the longest. Not equal to the last bit:
    # the texts of a batch share the steps to which their activations are rounded.
    together = bundled.embed(["ok", "ok then", VARIED[0]])
    alone = np.array([bundled.embed_query(text) for text in ("ok", "ok then", VARIED[0])])
    assert (np.sum(together * alone, axis=1) > 0.94).all()


def test_quantising_loses_half_a_step_at_most() -> None:
    matrix = np.random.default_rng(0).normal(size=(16, 8)).astype(np.float32)
    matrix[:, 3] = 0
    integers, scales = quantise(matrix, 63, axis=0)
    assert integers.dtype == np.int8
    assert np.abs(integers).max() == 63
    assert (np.abs(integers * scales - matrix) <= scales / 2 + 1e-7).all()
