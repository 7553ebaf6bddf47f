"""Any embedding model of fastembed's catalogue by name, from the cache or else from the hub."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from memory.embedders import EmbedderIdentity, Vectors
from memory.embedders.idle_threads import OPENED, sleeping_when_idle
from memory.embedders.model_cache import sha256_of
from memory.embedders.sentence_model import SentenceModel, usable_threads
from memory.embedders.telemetry import keep_quiet
from memory.errors import EmbedderError

if TYPE_CHECKING:
    from fastembed import TextEmbedding

SUGGESTIONS = (
    "BAAI/bge-small-en-v1.5",
    "sentence-transformers/all-MiniLM-L6-v2",
    "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
    "intfloat/multilingual-e5-large",
)
"""A few of the catalogue's models, small and large, English and multilingual, for messages."""

_HUB_TIMEOUT = 5.0
"""Seconds that the hub has to answer at all, before a download is even begun."""


class CatalogueEmbedder:
    """A model that fastembed knows, such as BAAI/bge-small-en-v1.5, kept in `cache_dir` after one download.

    Construction touches neither disk nor network; an unknown name raises EmbedderError at once.
    """

    def __init__(self, name: str, *, cache_dir: Path, threads: int | None = None) -> None:
        self._entry = _entry(name)
        self._name: str = self._entry["model"]
        self._cache_dir = cache_dir
        self._threads = usable_threads(threads)
        self._lock = Lock()
        self._fetched: TextEmbedding | None = None
        self._identity: EmbedderIdentity | None = None
        self._model = SentenceModel(self.fetch, name=self._name, dimensions=self._entry["dim"])

    @property
    def identity(self) -> EmbedderIdentity:
        """The digest is that of the model's files, so they are fetched when they are not in the cache yet.

        Raises EmbedderError.
        """
        if self._identity is None:
            folder = _folder_of(self.fetch())
            files = [self._entry["model_file"], *self._entry["additional_files"]]
            digest = hashlib.sha256("\n".join(sha256_of(folder / file) for file in files).encode()).hexdigest()
            self._identity = EmbedderIdentity(name=self._name, digest=digest, dimensions=self._entry["dim"])
        return self._identity

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (len(texts), dimensions), rows of length 1. Raises EmbedderError."""
        return self._model.embed(texts)

    def embed_query(self, text: str) -> Vectors:
        """Return float32 of shape (dimensions,), length 1, as fastembed embeds queries. Raises EmbedderError."""
        return self._model.embed_query(text)

    def fetch(self) -> TextEmbedding:
        """Return the model with its files in the cache, not yet loaded; download them if they are not there.

        Raises EmbedderError within seconds when they are not cached and the hub is out of reach.
        """
        with self._lock:
            if self._fetched is None:
                self._fetched = self._from_cache() or self._from_hub()
            return self._fetched

    def _from_cache(self) -> TextEmbedding | None:
        try:
            return self._open(local_files_only=True)
        except ValueError:  # what fastembed raises when the files are not there
            return None

    def _from_hub(self) -> TextEmbedding:
        # fastembed would try for most of a minute; whether the hub answers is known at once.
        from huggingface_hub import HfApi  # noqa: PLC0415 - slow to import, and needed for downloads alone

        try:
            HfApi().model_info(self._entry["sources"]["hf"], timeout=_HUB_TIMEOUT)
            return self._open(local_files_only=False)
        except Exception as error:
            raise EmbedderError(
                f"The embedding model {self._name} is not in {self._cache_dir} and can't be downloaded ({error}). "
                "Connect to the internet once, copy the folder from a machine that has it, or choose the "
                'embedder "bundled", which needs no download.'
            ) from error

    def _open(self, *, local_files_only: bool) -> TextEmbedding:
        keep_quiet()
        from fastembed import TextEmbedding  # noqa: PLC0415 - slow to import
        from loguru import logger  # noqa: PLC0415 - comes with fastembed

        logger.disable("fastembed")  # it prints what it raises as well, and a cache miss is not an error here
        model = TextEmbedding(
            self._name,
            cache_dir=str(self._cache_dir),
            threads=self._threads,
            local_files_only=local_files_only,
            **OPENED,
        )
        return sleeping_when_idle(model)


def _entry(name: str) -> Mapping[str, Any]:
    """Return fastembed's description of a model; letter case in names is ignored, as fastembed does."""
    if find_spec("fastembed") is None:
        raise EmbedderError(
            f'The embedder "{name}" needs the extra "embedders", which is not installed: '
            "scrubjay extras add embedders. Without it there are: default, bundled, hashing."
        )
    keep_quiet()
    from fastembed import TextEmbedding  # noqa: PLC0415 - slow to import

    for entry in TextEmbedding.list_supported_models():
        if entry["model"].lower() == name.lower():
            return entry
    raise EmbedderError(
        f'There is no embedder named "{name}". '
        f"Some that there are: default, bundled, hashing, {', '.join(SUGGESTIONS)}."
    )


def _folder_of(model: TextEmbedding) -> Path:
    folder: Path = model.model._model_dir  # type: ignore[attr-defined]  # noqa: SLF001 - fastembed has no public name
    return folder
