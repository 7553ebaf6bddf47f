from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from memory.embedders import Embedder
from memory.embedders.bundled import BundledEmbedder
from memory.errors import EmbedderError
from tests.memory.embedders.odd_texts import ODD_TEXTS
from tests.memory.embedders.test_minilm_graph import VARIED, Reference, tokenizer, weights

__all__ = ["tokenizer", "weights"]  # fixtures


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> BundledEmbedder:
    """The bundled embedder as an ordinary installation runs it: by numpy."""
    return BundledEmbedder(cache_dir=tmp_path_factory.mktemp("models"), onnx=False)


def test_it_is_an_embedder_of_the_same_identity(light: BundledEmbedder, bundled: BundledEmbedder) -> None:
    assert isinstance(light, Embedder)
    assert light.identity == bundled.identity


def test_it_agrees_with_a_float_forward_pass(
    light: BundledEmbedder,
    weights: dict[str, np.ndarray],
    tokenizer: object,
) -> None:
    reference = Reference(weights)
    expected = np.array([reference.embed(tokenizer.encode(text).ids) for text in VARIED])  # type: ignore[attr-defined]
    cosines = np.sum(light.embed(VARIED) * expected, axis=1)
    assert cosines.min() > 0.98


def test_it_agrees_with_the_graph_that_onnx_runtime_runs(light: BundledEmbedder, bundled: BundledEmbedder) -> None:
    cosines = np.sum(light.embed(VARIED) * np.array([bundled.embed_query(text) for text in VARIED]), axis=1)
    assert cosines.min() > 0.96


def test_the_other_texts_of_a_batch_change_nothing(light: BundledEmbedder) -> None:
    together = light.embed([*VARIED, "ok", "ok then"])
    alone = np.array([light.embed_query(text) for text in (*VARIED, "ok", "ok then")])
    np.testing.assert_allclose(together, alone, atol=1e-4)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_any_text_gets_a_finite_unit_vector(light: BundledEmbedder, text: str) -> None:
    for vector in (light.embed([text])[0], light.embed_query(text)):
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_weights_that_are_not_the_published_ones_are_refused_by_name(tmp_path: Path, weights_dir: Path) -> None:
    fake = tmp_path / "weights"
    fake.mkdir()
    (fake / "tokenizer.json").write_bytes((weights_dir / "tokenizer.json").read_bytes())
    (fake / "model.safetensors").write_bytes(b"not these")
    with pytest.raises(EmbedderError, match=r"model\.safetensors is not the published file"):
        BundledEmbedder(cache_dir=tmp_path / "cache", weights_dir=fake, onnx=False).embed(["hello"])


def test_a_damaged_packed_file_is_made_anew(tmp_path: Path) -> None:
    vector = BundledEmbedder(cache_dir=tmp_path, onnx=False).embed_query("hello")
    (packed,) = tmp_path.glob("*/*.npz")
    packed.write_bytes(packed.read_bytes()[:1000])
    np.testing.assert_array_equal(BundledEmbedder(cache_dir=tmp_path, onnx=False).embed_query("hello"), vector)
