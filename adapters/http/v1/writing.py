"""A completion while it is generated: the model never waits for a slow reader, who gets what has come meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from bot.adapter import Caller, Usage
from bot.answering import Answer, Sampling, Turn

WITH_MEMORY = "scrubjay"
"""The model that answers from the memory; any other name is a language model's own, without it."""
_PING_SECONDS = 10.0
"""So that a stream in which nothing comes has a sign of life after twenty seconds at the latest."""


@dataclass(slots=True)
class Written:
    """What came of a completion: the tokens it took, why it ended, and the answer where it came from the memory."""

    usage: Usage = field(default_factory=lambda: Usage(0, 0))
    finish_reason: str = "stop"
    answer: Answer | None = None


class Writing:
    """Writes in a task of its own, which ends with the block. What is written is bounded by the request's tokens."""

    def __init__(
        self,
        caller: Caller,
        turns: Sequence[Turn],
        sampling: Sampling,
        *,
        with_memory: bool,
        ping_seconds: float = _PING_SECONDS,
    ) -> None:
        self._completions = caller.completions
        self._turns = turns
        self._sampling = sampling
        self._with_memory = with_memory
        self._pending: list[str] = []
        self._sent = ""
        self._changed = asyncio.Event()
        self._quiet = False
        self._ping_seconds = ping_seconds
        self.written = Written()

    async def __aenter__(self) -> Self:
        write = self._answer() if self._with_memory else self._write()
        self._task = asyncio.create_task(write, name="completion")
        self._task.add_done_callback(lambda _: self._changed.set())
        self._watch()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._timer.cancel()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(self._task, return_exceptions=True)

    async def text(self) -> str:
        """Return the whole text. Raises ModelError."""
        return "".join([piece async for piece in self.pieces()])

    async def pieces(self) -> AsyncIterator[str]:
        """Yield the text as it comes, and "" when nothing has come for a while. Raises ModelError."""
        while not self._task.done() or self._pending:
            await self._changed.wait()
            self._changed.clear()
            if self._pending:
                piece = "".join(self._pending)
                self._pending.clear()
                yield piece
            elif not self._task.done():
                yield ""
            if self._task.done():
                self._changed.set()
        self._task.result()

    def _watch(self) -> None:
        """Wake the reader where nothing has come since this was called last. One timer serves all of a stream."""
        if self._quiet:
            self._changed.set()
        self._quiet = True
        self._timer = asyncio.get_running_loop().call_later(self._ping_seconds, self._watch)

    async def _write(self) -> None:
        async for piece in self._completions.write(self._turns, self._sampling, self._note_usage):
            self._put(piece)
        self._end()

    async def _answer(self) -> None:
        turns = self._turns
        grow: Callable[[str], None] | None = self._grow if self._completions.streams(turns[-1].text) else None
        answer, usage = await self._completions.answer(turns, self._sampling, grow)
        self.written.answer = answer
        self._note_usage(usage)
        # What has been sent can't be taken back: where the answer turned out otherwise, it follows whole.
        rest = answer.text.removeprefix(self._sent)
        self._put(rest if answer.text.startswith(self._sent) else f"\n\n{rest}")
        self._end()

    def _grow(self, text: str) -> None:
        if text.startswith(self._sent) and len(text) > len(self._sent):
            self._put(text[len(self._sent) :])
            self._sent = text

    def _put(self, piece: str) -> None:
        if piece:
            self._pending.append(piece)
            self._quiet = False
            self._changed.set()

    def _note_usage(self, usage: Usage) -> None:
        self.written.usage = usage

    def _end(self) -> None:
        if self.written.answer is None and self.written.usage.completion_tokens >= self._sampling.max_tokens:
            self.written.finish_reason = "length"
