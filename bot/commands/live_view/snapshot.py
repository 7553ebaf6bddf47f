"""What a running bot counts, read from its metrics at one moment."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import CommandError
from bot.translation import gettext

_TIMEOUT = 10.0  # in seconds
_MARK = "scrubjay_lanes"
"""An instrument that every bot has."""

Labels = frozenset[tuple[str, str]]


class NotAnsweringError(CommandError):
    """Raised when no bot tells its metrics at the address: none runs there, or something else does."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The samples of one reading, by name and labels; `taken_at` is in seconds since 1970."""

    taken_at: float
    samples: Mapping[tuple[str, Labels], float]

    def number(self, name: str) -> float | None:
        """Return a sample without labels; None where this bot has none."""
        return self.samples.get((name, frozenset()))

    def by(self, name: str, label: str) -> dict[str, float]:
        """Return the samples of that name by the value of a label."""
        found = ((dict(labels).get(label), value) for (each, labels), value in self.samples.items() if each == name)
        return {key: value for key, value in found if key is not None}

    def mean(self, name: str) -> float | None:
        """Return the mean of a histogram since the bot started; None where nothing was measured."""
        count = self.number(f"{name}_count")
        return (self.number(f"{name}_sum") or 0.0) / count if count else None

    @property
    def uptime_seconds(self) -> float | None:
        """How long the bot has been running; None where its system does not tell."""
        started = self.number("process_start_time_seconds")
        return None if started is None else max(0.0, self.taken_at - started)

    @property
    def memory_bytes(self) -> int | None:
        """How much memory the process takes; None where its system does not tell."""
        size = self.number("process_resident_memory_bytes")
        return None if size is None else int(size)


def read_snapshot(address: str) -> Snapshot:
    """Read the metrics at an address. Raises NotAnsweringError."""
    try:
        response = httpx.get(address, timeout=_TIMEOUT, trust_env=False)
        response.raise_for_status()
        samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(response.text)
            for sample in family.samples
        }
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise NotAnsweringError(
            gettext("no bot answers at {address}: start `scrubjay run`", address=address)
        ) from error
    except (httpx.HTTPStatusError, httpx.DecodingError, ValueError) as error:
        raise _not_ours(address) from error
    if (_MARK, frozenset()) not in samples:
        raise _not_ours(address)
    return Snapshot(time.time(), samples)


def tokens_per_second(now: Snapshot, before: Snapshot | None = None) -> float | None:
    """Return how fast the model wrote since `before`, or since the start where nothing was written since then.

    The seconds are those that it wrote, not those between the two readings. None where it has written nothing yet.
    """
    tokens, seconds = (now.number(name) or 0.0 for name in _WRITTEN)
    if before is not None:
        tokens_before, seconds_before = (before.number(name) or 0.0 for name in _WRITTEN)
        if seconds > seconds_before and tokens >= tokens_before:  # else it was started again
            tokens, seconds = tokens - tokens_before, seconds - seconds_before
    return tokens / seconds if seconds > 0 else None


_WRITTEN = ("scrubjay_generated_tokens_sum", "scrubjay_generation_seconds_sum")


def _not_ours(address: str) -> NotAnsweringError:
    return NotAnsweringError(
        gettext("what answers at {address} does not serve Scrubjay's metrics; see metrics.port", address=address)
    )
