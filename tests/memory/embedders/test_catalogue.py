from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from memory.embedders import Embedder
from memory.embedders.catalogue import SUGGESTIONS, CatalogueEmbedder
from memory.errors import EmbedderError
from tests.memory.embedders.odd_texts import ODD_TEXTS

NAME = "BAAI/bge-small-en-v1.5"
WORDS = ["[UNK]", "[PAD]", "tea", "coffee", "rain"]


def put_in_cache(cache_dir: Path, table: np.ndarray) -> None:
    """Lay out a tiny model (a vector a word, the first word's taken) as a download of bge-small leaves it."""
    repository = cache_dir / "models--Qdrant--bge-small-en-v1.5-onnx-Q"
    snapshot = repository / "snapshots" / "0123456789abcdef0123456789abcdef01234567"
    snapshot.mkdir(parents=True, exist_ok=True)
    (repository / "refs").mkdir(exist_ok=True)
    (repository / "refs" / "main").write_text(snapshot.name)
    tokenizer = Tokenizer(WordLevel({word: row for row, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(snapshot / "tokenizer.json"))
    (snapshot / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 512, "pad_token": "[PAD]"}))
    (snapshot / "config.json").write_text(json.dumps({"pad_token_id": 1}))
    onnx.save(lookup_model(table.astype(np.float32)), snapshot / "model_optimized.onnx")


def lookup_model(table: np.ndarray) -> onnx.ModelProto:
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])]
    output = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["batch", "tokens", table.shape[1]])
    node = helper.make_node("Gather", ["table", "input_ids"], ["hidden"])
    graph = helper.make_graph([node], "lookup", inputs, [output], [numpy_helper.from_array(table, "table")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.fixture
def table() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(len(WORDS), 384))


@pytest.mark.usefixtures("no_hub")
def test_a_model_in_the_cache_is_used_without_the_hub(tmp_path: Path, table: np.ndarray) -> None:
    put_in_cache(tmp_path, table)
    embedder = CatalogueEmbedder(NAME, cache_dir=tmp_path)
    rain, tea = embedder.embed(["rain rain rain rain", "tea"])
    assert isinstance(embedder, Embedder)
    np.testing.assert_allclose(rain, table[4] / np.linalg.norm(table[4]), atol=1e-5)
    np.testing.assert_allclose(embedder.embed_query("tea"), tea, atol=1e-5)
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.usefixtures("no_hub")
@pytest.mark.parametrize("odd", ["a lone surrogate", "a megabyte of prose", "NUL bytes"])
def test_odd_texts_get_unit_vectors(tmp_path: Path, table: np.ndarray, odd: str) -> None:
    put_in_cache(tmp_path, table)
    vector = CatalogueEmbedder(NAME, cache_dir=tmp_path).embed_query(ODD_TEXTS[odd])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.usefixtures("no_hub")
def test_the_identity_tells_builds_of_a_model_apart(tmp_path: Path, table: np.ndarray) -> None:
    put_in_cache(tmp_path / "one", table)
    put_in_cache(tmp_path / "same", table)
    put_in_cache(tmp_path / "other", -table)
    one, same, other = (
        CatalogueEmbedder(NAME.lower(), cache_dir=tmp_path / build).identity for build in ("one", "same", "other")
    )
    assert one == same
    assert one.name == NAME
    assert one.dimensions == 384
    assert one.digest != other.digest


@pytest.mark.usefixtures("no_hub")
@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_a_vector_that_has_no_direction_is_refused(tmp_path: Path, table: np.ndarray, value: float) -> None:
    table[2] = value
    put_in_cache(tmp_path, table)
    embedder = CatalogueEmbedder(NAME, cache_dir=tmp_path)
    with pytest.raises(EmbedderError, match=f"{NAME} gave a vector that is zero or not finite"):
        embedder.embed(["rain", "tea"])


@pytest.mark.usefixtures("no_hub")
def test_a_model_with_other_dimensions_than_its_name_promises_is_refused(tmp_path: Path) -> None:
    put_in_cache(tmp_path, np.ones((len(WORDS), 7)))
    embedder = CatalogueEmbedder(NAME, cache_dir=tmp_path)
    with pytest.raises(EmbedderError, match=NAME):
        embedder.embed(["tea"])
    with pytest.raises(EmbedderError, match=r"shape \(1, 7\) instead of \(1, 384\)"):
        embedder.embed_query("tea")


@pytest.mark.usefixtures("no_hub")
def test_a_damaged_model_file_is_an_embedder_error(tmp_path: Path, table: np.ndarray) -> None:
    put_in_cache(tmp_path, table)
    (model,) = tmp_path.glob("*/snapshots/*/model_optimized.onnx")
    model.write_bytes(b"not a model")
    with pytest.raises(EmbedderError, match=NAME):
        CatalogueEmbedder(NAME, cache_dir=tmp_path).embed(["tea"])


@pytest.mark.usefixtures("no_hub")
def test_a_hub_out_of_reach_is_reported_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"can't be downloaded.*Connect to the internet once"):
        CatalogueEmbedder(NAME, cache_dir=tmp_path).embed(["tea"])
    with pytest.raises(EmbedderError, match=NAME):
        _ = CatalogueEmbedder(NAME, cache_dir=tmp_path).identity


def test_an_unknown_name_is_answered_with_some_that_work(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r'no embedder named "bge-tiny".*BAAI/bge-small-en-v1\.5'):
        CatalogueEmbedder("bge-tiny", cache_dir=tmp_path)


@pytest.mark.parametrize("name", SUGGESTIONS)
def test_every_suggested_model_is_in_the_catalogue(tmp_path: Path, name: str) -> None:
    CatalogueEmbedder(name, cache_dir=tmp_path)
