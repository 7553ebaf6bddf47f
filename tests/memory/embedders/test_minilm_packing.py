from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from memory.embedders.minilm_packing import TABLE, pack, quantise, restore_floats, unpack


def test_packing_twice_gives_the_same_bytes(tmp_path: Path, weights_dir: Path) -> None:
    for name in ("one", "two"):
        pack(weights_dir, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_is_unpacked_is_the_published_model_but_for_half_a_step(tmp_path: Path, weights_dir: Path) -> None:
    pack(weights_dir, tmp_path / "packed")
    restored = dict(restore_floats(unpack(tmp_path / "packed")))
    for name, tensor in load_file(weights_dir / "model.safetensors").items():
        if name in restored:
            step = np.abs(tensor).max() / 63
            np.testing.assert_allclose(restored[name], tensor, atol=step / 2 + 1e-6)
    assert TABLE in restored
    assert not [name for name in restored if name.startswith("pooler")]


def test_quantising_what_was_quantised_changes_no_integer(weights_dir: Path) -> None:
    """So the graph for ONNX Runtime is the same, whether it is made from the packed or the published weights."""
    matrix = load_file(weights_dir / "model.safetensors")["encoder.layer.0.intermediate.dense.weight"]
    integers, scales = quantise(matrix, 63, axis=1)
    again, _ = quantise(integers * scales, 63, axis=1)
    np.testing.assert_array_equal(again, integers)


def test_a_tokenizer_that_is_not_the_published_one_is_refused_by_name(tmp_path: Path, weights_dir: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes((weights_dir / "model.safetensors").read_bytes())
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ValueError, match=r"tokenizer\.json is not the published file"):
        pack(tmp_path, tmp_path / "packed")
    assert not (tmp_path / "packed").exists()
