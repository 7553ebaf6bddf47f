"""Several answers made together: each round evaluates one token of every growing answer and a part of a prompt.

A round costs hardly more for several sequences than for one, for it is the model's weights that must be read
(continuous batching: Yu et al., "Orca", OSDI 2022). Prompts are read one after the other in the order they came, so
that the first who asked sees a word first. Everything here runs in the model's thread.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from bot.errors import ModelError
from bot.models.llama.context import NoRoomError, Step
from bot.models.llama.engine import IDLE_SEQUENCES, PREFIX_SEQUENCES, LlamaEngine
from bot.models.llama.generation import Generation
from bot.models.llama.prefix_files import PrefixFiles
from bot.models.llama.sequences import Sequences, Slot

logger = logging.getLogger(__name__)

_SMALL_PART = 16
"""How many prompt tokens a round reads while answers grow: more would make them falter, and most are short."""
_SHORTEST_PREFIX = 64
"""A fixed prefix of fewer tokens is read sooner than it is found."""


@dataclass(eq=False, slots=True)
class _Running:
    """A job that has a sequence, and the tokens to evaluate there: the rest of its prompt, or the one it chose last."""

    job: Generation
    slot: Slot
    unread: list[int]
    grows: bool = False
    missing_prefix: int = 0
    """How many tokens of the prompt are a fixed prefix that is to be kept once it is evaluated; 0 for none."""

    @property
    def until_prefix(self) -> int:
        """How many tokens are left to read until that prefix is evaluated; 0 for none."""
        return max(0, self.missing_prefix - len(self.slot.tokens))


class _BatchShare(NamedTuple):
    """What of a job's tokens is evaluated in a round."""

    running: _Running
    tokens: list[int]


class BatchScheduler:
    """Runs jobs: at most `parallel` at a time and one of those in the background, the others in the order they came."""

    def __init__(self, engine: LlamaEngine, parallel: int, files: PrefixFiles | None) -> None:
        self._engine = engine
        self._parallel = parallel
        self._files = files
        self._context = engine.context
        self._sequences = Sequences(
            engine.context,
            conversations=parallel + IDLE_SEQUENCES,
            prefixes=PREFIX_SEQUENCES,
            keeps_parts=engine.keeps_parts,
        )
        self._waiting: deque[Generation] = deque()
        self._running: list[_Running] = []

    @property
    def busy(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._waiting or self._running)

    def add(self, job: Generation) -> None:
        """Take a job."""
        self._waiting.append(job)
        self._tell_waiting()

    def fail_all(self, error: Exception) -> None:
        """End every job with an error."""
        for running in list(self._running):
            self._end(running, error)
        while self._waiting:
            self._waiting.popleft().finish(error)

    def step(self) -> None:
        """Do one round: drop what is cancelled, begin what may begin, evaluate one batch, choose tokens."""
        self._drop_cancelled()
        self._admit()
        batch = self._next_batch()
        if not batch:
            return
        try:
            self._context.evaluate(_steps(batch))
        except NoRoomError:
            self._make_room()
        except ModelError as error:
            for running, _ in batch:
                self._sequences.clear(running.slot)
                self._end(running, error)
        else:
            self._go_on(batch)

    def _drop_cancelled(self) -> None:
        for running in [each for each in self._running if each.job.cancelled]:
            self._end(running)
        for job in [each for each in self._waiting if each.cancelled]:
            self._waiting.remove(job)
            job.finish()

    def _admit(self) -> None:
        """Begin waiting jobs while there is room for them; those in the background hold nobody else up."""
        for job in list(self._waiting):
            if self._may_begin(job):
                self._waiting.remove(job)
                self._begin(job)
            elif not job.background:
                break
        self._tell_waiting()

    def _may_begin(self, job: Generation) -> bool:
        if not self._running:
            return True
        if any(self._reads_prefix_of(job, running) for running in self._running):
            return False  # (in a moment it need not be read again)
        kind = [each for each in self._running if each.job.background == job.background]
        reserved = sum(each.job.longest for each in self._running)
        return len(kind) < (1 if job.background else self._parallel) and reserved + job.longest <= self._context.cells

    @staticmethod
    def _reads_prefix_of(job: Generation, running: _Running) -> bool:
        """Return whether the fixed prefix of a waiting job is being evaluated for another one."""
        length = running.missing_prefix
        return length > 0 and job.prompt.tokens[:length] == running.job.prompt.tokens[:length]

    def _begin(self, job: Generation) -> None:
        prompt = job.prompt
        is_kept = prompt.fixed < _SHORTEST_PREFIX or self._has_prefix(prompt.tokens[: prompt.fixed])
        slot, job.reused = self._sequences.take(prompt.tokens, prompt.fixed, background=job.background)
        running = _Running(job, slot, prompt.tokens[job.reused :], missing_prefix=0 if is_kept else prompt.fixed)
        self._running.append(running)
        try:
            job.begin(self._engine)
        except ModelError as error:
            self._end(running, error)
        else:
            self._keep_prefix(running)

    def _tell_waiting(self) -> None:
        ahead = (job for job in self._waiting if not job.background)
        for before, job in enumerate(ahead, 1):
            job.wait(before)

    def _has_prefix(self, tokens: list[int]) -> bool:
        """Return whether a fixed prefix is evaluated, or its saved state could be loaded."""
        if self._sequences.has_prefix(tokens):
            return True
        state = self._files.load(tokens) if self._files else None
        if state is None:
            return False
        slot = self._sequences.free_prefix()
        if not self._context.restore(slot.sequence, state):
            logger.debug("llama.cpp does not take the saved state of a prefix; it is evaluated again")
            return False
        slot.tokens = tokens
        return True

    def _keep_prefix(self, running: _Running) -> None:
        """Keep a fixed prefix once it is evaluated, here, and on disk where nobody's words are in it."""
        length, read = running.missing_prefix, len(running.slot.tokens)
        if not length or read < length or (read > length and not self._engine.keeps_parts):
            return
        running.missing_prefix = 0
        kept = self._sequences.keep_prefix(running.slot, length)
        if self._files and not running.job.prompt.private:
            self._files.save(kept.tokens, self._context.save(kept.sequence))

    def _next_batch(self) -> list[_BatchShare]:
        """Return the next token of every growing answer, then as much of the prompts as the batch holds."""
        batch = [_BatchShare(running, running.unread) for running in self._running if running.grows]
        left = min(_SMALL_PART, self._context.batch - len(batch)) if batch else self._context.batch
        reading = [running for running in self._running if not running.grows]
        for running in sorted(reading, key=lambda each: each.job.background):
            if left <= 0:
                break
            part = running.unread[: min(left, running.until_prefix or left)]
            batch.append(_BatchShare(running, part))
            left -= len(part)
        return batch

    def _go_on(self, batch: list[_BatchShare]) -> None:
        """Take note of what was evaluated, and let those whose prompt is read choose their next token."""
        index = -1
        for running, tokens in batch:
            index += len(tokens)
            running.slot.tokens += tokens
            running.unread = running.unread[len(tokens) :]
            self._keep_prefix(running)
            if running.unread:
                continue
            token = running.job.choose(self._engine, index)
            if token is None:
                self._end(running)
            else:
                running.unread, running.grows = [token], True

    def _make_room(self) -> None:
        """Forget what is idle; when nothing is, let the answer that came last wait and be read again."""
        if self._sequences.make_room():
            return
        last = self._running[-1]
        if len(self._running) == 1:
            self._end(last, ModelError("The model's context is full. Raise model.context_size."))
            return
        last.unread, last.grows = [*last.slot.tokens, *last.unread], False
        self._sequences.clear(last.slot)
        last.missing_prefix = 0

    def _end(self, running: _Running, error: Exception | None = None) -> None:
        self._running.remove(running)
        self._sequences.release(running.slot)
        running.job.finish(error)


def _steps(batch: list[_BatchShare]) -> list[Step]:
    """Return the tokens to evaluate one by one; of each part the outcome of the last is wanted if no more follow."""
    return [
        Step(token, len(running.slot.tokens) + at, running.slot.sequence, wanted=at == len(running.unread) - 1)
        for running, tokens in batch
        for at, token in enumerate(tokens)
    ]
