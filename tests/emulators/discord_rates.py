"""Discord's rate limits: buckets that calls empty, and the headers that tell of them.

https://discord.com/developers/docs/topics/rate-limits
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.emulators.discord_rest import Refusal


@dataclass
class Bucket:
    """What is left of a window, which begins with its first call."""

    left: int
    ends: float


@dataclass
class Rates:
    """A bucket for each kind of call in each channel: `calls` in `seconds` of `clock`; `refused` counts the others."""

    calls: int
    seconds: float
    refused: int = 0
    buckets: dict[str, Bucket] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic

    def take(self, name: str, place: str) -> dict[str, str]:
        """Count a call and return the headers of its answer. Raises Refusal when it is one too many."""
        now = self.clock()
        bucket = self.buckets.get(f"{name}:{place}")
        if bucket is None or bucket.ends <= now:
            bucket = self.buckets[f"{name}:{place}"] = Bucket(self.calls, now + self.seconds)
        if bucket.left == 0:
            self.refused += 1
            raise Refusal(429, "You are being rate limited.", 0, bucket.ends - now)
        bucket.left -= 1
        return {
            "X-RateLimit-Bucket": name,
            "X-RateLimit-Limit": str(self.calls),
            "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset-After": f"{bucket.ends - now:.3f}",
            "X-RateLimit-Reset": f"{time.time() + bucket.ends - now:.3f}",
        }
