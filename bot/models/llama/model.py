"""A GGUF model as the rest of the program uses it; all of it runs in one thread, which this starts and ends."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import suppress
from importlib.metadata import version
from time import perf_counter
from typing import Any, Self

from bot.errors import ModelError
from bot.models import Prompt, Sampling, SpeedReport
from bot.models.fingerprint import fingerprint
from bot.models.llama.engine import EncodedPrompt, LlamaEngine, LlamaSettings
from bot.models.llama.generation import Generation
from bot.models.llama.prefix_files import PrefixFiles
from bot.models.llama.scheduler import BatchScheduler

# Pieces that come faster than anyone reads are handed over together: a small model's tokens would
# otherwise cost less to generate than to pass from thread to thread.
_HAND_OVER_SECONDS = 0.005


class LlamaModel:
    """A GGUF model. One thread owns it and makes several answers together.

    Closing an answer's iterator stops the generation at the next token, or at the next `batch` of a prompt.
    """

    follows_schemas = True

    def __init__(self, settings: LlamaSettings) -> None:
        self._settings = settings
        self._worker: _Worker | None = None
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
        worker = _Worker(self._settings)
        try:
            self._engine = await asyncio.wrap_future(worker.loaded)
        except BaseException:
            worker.stop()
            raise
        self._worker = worker
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Free the model; answers in progress fail."""
        worker, self._worker, self._engine = self._worker, None, None
        if worker:
            worker.stop()
            await asyncio.to_thread(worker.join)

    def count(self, text: str) -> int:
        """Return the number of tokens of `text` as data, by the model's own tokenizer."""
        return len(self._require_open()[0].vocabulary.encode_data(text))

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Yield the answer in pieces; ModelError if the prompt is too long or llama.cpp fails."""
        engine, worker = self._require_open()
        encoded = self._encode(prompt)
        limit = min(sampling.max_tokens, engine.context_size - len(encoded.tokens))
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        ended: asyncio.Future[SpeedReport | None] = loop.create_future()
        hand_over = _HandOver(lambda text: _tell(loop, pieces.put_nowait, text))

        def end(report: SpeedReport | None, error: Exception | None) -> None:
            hand_over.flush()
            _tell(loop, _settle, ended, report, error)
            _tell(loop, pieces.put_nowait, None)

        job = Generation(
            encoded,
            sampling,
            limit,
            background=prompt.background,
            give=hand_over.add,
            end=end,
            waits=(lambda before: _tell(loop, told, before)) if (told := prompt.on_wait) else None,
        )
        worker.add(job)
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            self._note(await ended)
        finally:
            job.cancel()
            await _outcome(ended)

    def _encode(self, prompt: Prompt) -> EncodedPrompt:
        """Return a prompt in tokens. Raises ModelError when it is too long."""
        engine, _ = self._require_open()
        encoded = engine.encode(prompt.turns, prompt.fixed, private=prompt.private)
        if len(encoded.tokens) >= engine.context_size:
            raise ModelError(
                f"The prompt has {len(encoded.tokens)} tokens and the model's context only {engine.context_size}, "
                "answer included. Raise model.context_size, or lower recall.token_budget."
            )
        return encoded

    def _note(self, report: SpeedReport | None) -> None:
        self._last_speed = report or self._last_speed

    def _require_open(self) -> tuple[LlamaEngine, _Worker]:
        if self._engine is None or self._worker is None:
            raise ModelError("The model is not loaded: use it within `async with`.")
        return self._engine, self._worker


async def _outcome(ended: asyncio.Future[Any]) -> None:
    """Wait until a job has ended; its error was raised to whoever wanted its result, or concerns nobody any more."""
    if not ended.done():  # (else whoever reads `last_speed` next might get another's)
        await asyncio.wait((ended,))
    if not ended.cancelled():
        ended.exception()


class _Worker:
    """The thread that loads the model, runs what is asked of it, and frees it."""

    def __init__(self, settings: LlamaSettings) -> None:
        self.loaded: Future[LlamaEngine] = Future()
        self._settings = settings
        self._inbox: queue.SimpleQueue[Generation | None] = queue.SimpleQueue()
        # A daemon, so that a program that ends without closing the model does not wait for an endless answer.
        self._thread = threading.Thread(target=self._run, name="llama", daemon=True)
        self._thread.start()

    def add(self, job: Generation) -> None:
        """Have a job run; from any thread."""
        self._inbox.put(job)

    def stop(self) -> None:
        """End the thread, at once if it waits, or after the batch it evaluates; from any thread."""
        self._inbox.put(None)

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    def _run(self) -> None:
        started = perf_counter()
        try:
            engine = LlamaEngine(self._settings)
        except BaseException as error:  # noqa: BLE001 (whoever loads it is told)
            self.loaded.set_exception(error)
            return
        engine.load_seconds = perf_counter() - started
        try:
            scheduler = BatchScheduler(engine, self._settings.parallel, self._prefix_files(engine))
            self.loaded.set_running_or_notify_cancel()
            self.loaded.set_result(engine)
            self._serve(scheduler)
        finally:
            engine.close()

    def _serve(self, scheduler: BatchScheduler) -> None:
        while True:
            while not (scheduler.busy and self._inbox.empty()):
                job = self._inbox.get()
                if job is None:
                    scheduler.fail_all(ModelError("The model was closed before the answer was complete."))
                    return
                scheduler.add(job)
            try:
                scheduler.step()
            except Exception as error:  # noqa: BLE001 (the thread goes on; whoever waits is told)
                scheduler.fail_all(error)

    def _prefix_files(self, engine: LlamaEngine) -> PrefixFiles | None:
        folder = self._settings.prefix_folder
        if folder is None:
            return None
        return PrefixFiles(folder, fingerprint(self._settings.path), engine.template.name, version("llama-cpp-python"))


class _HandOver:
    """Gives text on from the model's thread: at once, unless the last was given a moment ago."""

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


def _tell(loop: asyncio.AbstractEventLoop, function: Callable[..., object], *arguments: object) -> None:
    with suppress(RuntimeError):  # (the loop was closed: nobody waits any more)
        loop.call_soon_threadsafe(function, *arguments)


def _settle(future: asyncio.Future[object], result: object, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
