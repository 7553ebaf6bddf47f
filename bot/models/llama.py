"""The language model that runs on this machine: a GGUF file, by llama.cpp, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter
from typing import Self

from bot.errors import ModelError
from bot.models import Prompt, Sampling, SpeedReport, Turn
from bot.models.llama_engine import LlamaEngine, LlamaSettings

__all__ = ["LlamaModel", "LlamaSettings"]

# Pieces that come faster than anyone reads are handed over together: a small model's tokens would
# otherwise cost less to generate than to pass from thread to thread.
_HAND_OVER_SECONDS = 0.005


class LlamaModel:
    """A GGUF model. One thread owns it; answers asked for at the same time are given one after the other.

    Closing an answer's iterator stops the generation at the next token, or at the next `batch` of a prompt.
    """

    follows_schemas = True

    def __init__(self, settings: LlamaSettings) -> None:
        self._settings = settings
        self._thread: ThreadPoolExecutor | None = None
        self._engine: LlamaEngine | None = None
        self._last_speed: SpeedReport | None = None

    @property
    def name(self) -> str:
        """The model's name from its metadata; before it is loaded, its file's."""
        return self._engine.name if self._engine else self._settings.path.stem

    @property
    def context_size(self) -> int:
        """How many tokens prompt and answer may have together."""
        return self._engine.context_size if self._engine else self._settings.context_size

    @property
    def last_speed(self) -> SpeedReport | None:
        """The report of the last finished generation; None before the first."""
        return self._last_speed

    async def __aenter__(self) -> Self:
        """Load the model; ModelFileError if the file is bad, ModelError if the engine or a setting is."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="llama")
        loading = self._thread.submit(LlamaEngine, self._settings)
        try:
            self._engine = await asyncio.wrap_future(loading)
        except BaseException:
            loading.add_done_callback(_close_loaded)
            self._thread.shutdown(wait=False)
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Free the model once the answer in progress has stopped."""
        engine, self._engine = self._engine, None
        if engine and self._thread:
            await asyncio.get_running_loop().run_in_executor(self._thread, engine.close)
            self._thread.shutdown()

    def count(self, text: str) -> int:
        """Return the number of tokens of `text` as data, by the model's own tokenizer."""
        return len(self._opened()[0].vocabulary.encode_data(text))

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Yield the answer in pieces; ModelError if the prompt is too long or llama.cpp fails."""
        engine, thread = self._opened()
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        cancelled = threading.Event()

        def generate() -> None:
            hand_over = _HandOver(lambda text: loop.call_soon_threadsafe(pieces.put_nowait, text))
            try:
                for part in engine.answer(prompt.turns, sampling, cancelled.is_set):
                    if isinstance(part, SpeedReport):
                        self._last_speed = part
                    else:
                        hand_over.add(part)
            finally:
                hand_over.flush()
                loop.call_soon_threadsafe(pieces.put_nowait, None)

        job = thread.submit(generate)
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            job.result()
        finally:
            cancelled.set()
            if not job.cancel():
                # Its error, if any, was raised above or concerns an answer that nobody wants any more.
                await asyncio.wait((asyncio.wrap_future(job),))

    async def compare(self, turns: Sequence[Turn], options: Sequence[str]) -> list[float]:
        """Return the log-probability of each option's first token after the turns. Raises ModelError."""
        engine, thread = self._opened()
        cancelled = threading.Event()
        job = thread.submit(engine.compare, turns, options, cancelled.is_set)
        try:
            return await asyncio.wrap_future(job)
        finally:
            cancelled.set()

    def _opened(self) -> tuple[LlamaEngine, ThreadPoolExecutor]:
        if self._engine is None or self._thread is None:
            raise ModelError("The model is not loaded: use it within `async with`.")
        return self._engine, self._thread


class _HandOver:
    """Gives text on from the generating thread: at once, unless the last was given a moment ago."""

    def __init__(self, give: Callable[[str], object]) -> None:
        self._give = give
        self._waiting: list[str] = []
        self._due = 0.0

    def add(self, text: str) -> None:
        self._waiting.append(text)
        now = perf_counter()
        if now >= self._due:
            self.flush()
            self._due = now + _HAND_OVER_SECONDS

    def flush(self) -> None:
        if self._waiting:
            self._give("".join(self._waiting))
            self._waiting.clear()


def _close_loaded(loading: Future[LlamaEngine]) -> None:
    """Free a model that finished loading after nobody waited for it any more."""
    if not loading.cancelled() and loading.exception() is None:
        loading.result().close()
