"""Runs a target on a batch of inputs in a process of its own: a crash or a hang is told with its input."""

from __future__ import annotations

import os
import resource
import signal
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.fuzz.target import Target

SECONDS = 20
"""Of processor time, for one input."""
_MEMORY = 3 << 30


class Hang(BaseException):
    """Raised in what takes too long; nothing may catch it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An input, and what came of it."""

    data: bytes
    what: str


def run_batch(target: Target, inputs: Iterable[bytes], scratch: Path) -> tuple[int, Fault | None]:
    """Run a target on inputs until one breaks it; return how many were run, and the fault."""
    current, told = scratch / "input", scratch / "told"
    told.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            _run_all(target, inputs, current, told)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    lines = told.read_text("utf-8", "replace").split("\n", 1) if told.exists() else ["0", ""]
    if os.WIFSIGNALED(status):
        what = f"ended by {signal.Signals(os.WTERMSIG(status)).name}"
        return int(lines[0]), Fault(current.read_bytes(), what)
    return int(lines[0]), Fault(current.read_bytes(), lines[1]) if lines[1] else None


def _run_all(target: Target, inputs: Iterable[bytes], current: Path, told: Path) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGPROF, _give_up)
    done = 0
    for data in inputs:
        current.write_bytes(data)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            target.run(data)
        except BaseException:  # noqa: BLE001 (whatever it raises is the fault)
            signal.setitimer(signal.ITIMER_PROF, 0)
            told.write_text(f"{done + 1}\n{traceback.format_exc()}", "utf-8", "replace")
            return
        signal.setitimer(signal.ITIMER_PROF, 0)
        done += 1
    told.write_text(f"{done}\n", "utf-8")


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise Hang(f"took more than {SECONDS} seconds")
