"""Embeds questions by the model whose vectors serve, which may be another than the one that is set."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from memory.embedders import Embedder, EmbedderIdentity, guarded
from memory.engine.embeddings import EmbeddingStore
from memory.errors import EmbedderError
from memory.search.request import QuestionVector

_log = logging.getLogger(__name__)

LoadEmbedder = Callable[[EmbedderIdentity], Embedder | None]
"""Loads the embedder that made vectors earlier, or None where it can't be had."""


class QuestionEmbedder:
    """Holds `embedder`, whose id in the engine is `model`, and loads earlier ones as they are needed, each once."""

    def __init__(self, embeddings: EmbeddingStore, embedder: Embedder, model: int, load: LoadEmbedder | None) -> None:
        self._embeddings = embeddings
        self._embedder = embedder
        self._model = model
        self._load = load
        self._earlier: dict[EmbedderIdentity, Embedder | None] = {}
        # Always the same thread: a question takes half as long again in one whose processor has nothing of the model.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="question")

    def close(self) -> None:
        """Let go of the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def embed(self, question: str) -> QuestionVector | None:
        """Return the question's vector, by the model whose vectors serve; None where that can't be had."""
        served = await self._embeddings.find_serving()
        if served is None:
            return None
        model, identity = served
        embedder = self._embedder if model == self._model else await self._load_earlier(identity)
        if embedder is None:
            return None
        try:
            loop = asyncio.get_running_loop()
            vector = await loop.run_in_executor(self._thread, guarded.embed_query, embedder, question)
        except EmbedderError as error:
            _log.warning("the question is searched for by its words alone: %s", error)
            return None
        return QuestionVector(model, vector, identity.name)

    async def _load_earlier(self, identity: EmbedderIdentity) -> Embedder | None:
        if identity not in self._earlier:
            self._earlier[identity] = None
            if self._load is not None:
                with contextlib.suppress(EmbedderError):
                    self._earlier[identity] = await asyncio.to_thread(self._load, identity)
        return self._earlier[identity]
