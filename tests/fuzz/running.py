"""Runs a target on a batch of inputs in a process of its own: a crash or a hang is told with its input.

A process takes a whole batch, for starting one takes longer than most inputs do. What it is at stands in memory that
both processes share, so that nothing is written to a file for each input.
"""

from __future__ import annotations

import mmap
import os
import resource
import signal
import struct
import time
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.fuzz.target import Target

SECONDS = 20
"""Of processor time, for one input."""
STILL_SECONDS = 300
"""In which an input must be done, whether it computes or waits for something."""
LARGEST = 1 << 20
_MEMORY = 3 << 30
_GLANCE_SECONDS = 0.01
_HEAD = struct.Struct("QQ")


class Hang(BaseException):
    """Raised in what takes too long; nothing may catch it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An input, and what came of it."""

    data: bytes
    what: str

    @property
    def place(self) -> str:
        """Where it broke, and by what: the same for inputs that most likely show the same mistake."""
        lines = self.what.rstrip().splitlines()
        places = [line.strip() for line in lines if line.startswith("  File ")]
        return f"{places[-1] if places else ''} {lines[-1].partition(':')[0] if lines else ''}".strip()


class _Progress:
    """How many inputs are done, and which one is tried, for another process to see."""

    def __init__(self) -> None:
        self._map = mmap.mmap(-1, _HEAD.size + LARGEST)

    def begin(self, done: int, data: bytes) -> None:
        kept = data[:LARGEST]
        self._map[: _HEAD.size + len(kept)] = _HEAD.pack(done, len(kept)) + kept

    @property
    def done(self) -> int:
        return int(_HEAD.unpack(self._map[: _HEAD.size])[0])

    @property
    def data(self) -> bytes:
        length = _HEAD.unpack(self._map[: _HEAD.size])[1]
        return self._map[_HEAD.size : _HEAD.size + length]

    def finish(self, done: int) -> None:
        self._map[: _HEAD.size] = _HEAD.pack(done, len(self.data))

    def close(self) -> None:
        self._map.close()


def run_batch(
    target: Target, inputs: Iterable[bytes], scratch: Path, still_seconds: float = STILL_SECONDS
) -> tuple[int, Fault | None]:
    """Run a target on inputs until one breaks it; return how many were run, and the fault."""
    told, progress = scratch / "told", _Progress()
    told.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            _run_all(target, inputs, progress, told)
        os._exit(0)
    try:
        status = _wait(child, progress, still_seconds)
        if status is None:
            return progress.done + 1, Fault(progress.data, f"did nothing for {still_seconds:.0f} seconds")
        if os.WIFSIGNALED(status):
            return progress.done + 1, Fault(progress.data, f"ended by {signal.Signals(os.WTERMSIG(status)).name}")
        return progress.done, Fault(progress.data, told.read_text("utf-8", "replace")) if told.exists() else None
    finally:
        progress.close()


def _wait(child: int, progress: _Progress, still_seconds: float) -> int | None:
    """Return how a process ended; None when it got no further, and had to be killed."""
    seen, since = -1, time.monotonic()
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if progress.done != seen:
            seen, since = progress.done, time.monotonic()
        elif time.monotonic() - since > still_seconds:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(_GLANCE_SECONDS)


def _run_all(target: Target, inputs: Iterable[bytes], progress: _Progress, told: Path) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGPROF, _give_up)
    done = 0
    for data in inputs:
        progress.begin(done, data)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            target.run(data)
        except BaseException:  # noqa: BLE001 (whatever it raises is the fault)
            signal.setitimer(signal.ITIMER_PROF, 0)
            progress.finish(done + 1)
            told.write_text(traceback.format_exc(), "utf-8", "replace")
            return
        signal.setitimer(signal.ITIMER_PROF, 0)
        done += 1
    progress.finish(done)


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise Hang(f"took more than {SECONDS} seconds")
