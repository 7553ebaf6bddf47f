"""Timing against a peer in the same run, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from memory.embedders.bundled import BundledEmbedder

Run = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Setup:
    """What measurements share: a folder that is deleted afterwards, an embedder, and where peers may be installed.

    `quick` asks for sizes that only show that everything works. `whatstk` is a Python that has whatstk,
    `chat_parser` a folder whose node_modules hold whatsapp-chat-parser, `peers` a Python that has chromadb and lancedb.
    """

    folder: Path
    embedder: BundledEmbedder
    quick: bool = False
    whatstk: Path | None = None
    chat_parser: Path | None = None
    peers: Path | None = None

    def size(self, full: int, quick: int) -> int:
        """Return the size to measure at."""
        return quick if self.quick else full


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `met` is None where there is no target."""

    what: str
    ours: str
    peer: str
    ratio: str
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds, or ratios, of several rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return median(self.values)

    @property
    def p95(self) -> float:
        """The value that one in twenty exceeds."""
        return quantiles(self.values, n=20, method="inclusive")[-1]

    def shown(self, factor: float = 1.0, digits: int = 2) -> str:
        """Return "median (min–max)", each multiplied."""
        numbers = (self.median, min(self.values), max(self.values))
        middle, low, high = (f"{number * factor:,.{digits}f}" for number in numbers)
        return f"{middle} ({low}–{high})"

    def rate(self, count: int) -> str:
        """Return how many a second, when one round does `count`."""
        return Spread(tuple(count / value for value in self.values)).shown(digits=0)


async def interleaved(ours: Run, peer: Run, rounds: int) -> tuple[Spread, Spread]:
    """Run both by turns, A B A B, and return the seconds of each; the first round of each is not counted."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for run, into in zip((ours, peer), seconds, strict=True):
            took = await _timed(run)
            if number:
                into.append(took)
    return Spread(tuple(seconds[0])), Spread(tuple(seconds[1]))


async def timed(runs: Sequence[Run]) -> tuple[float, ...]:
    """Run one after the other, and return the seconds of each."""
    return tuple([await _timed(run) for run in runs])


def by_round(numerator: Spread, denominator: Spread) -> Spread:
    """Return the ratios round by round."""
    return Spread(tuple(a / b for a, b in zip(numerator.values, denominator.values, strict=True)))


async def _timed(run: Run) -> float:
    began = perf_counter()
    await run()
    return perf_counter() - began
