"""Limits how many wrong keys and codes an address may send."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_FAILURES = 10
"""Wrong keys or codes in a row from one address; then it waits."""
WAIT_SECONDS = 60.0
_ADDRESSES_KNOWN = 10_000


class Attempts:
    """Counts failures by address, and forgets them after a while."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def seconds_to_wait(self, address: str) -> int:
        """Return after how many seconds this address may try again; 0 is at once."""
        count, last = self._failures.get(address, (0, 0.0))
        return 0 if count < MOST_FAILURES else max(0, round(last + WAIT_SECONDS - self._now() + 0.5))

    def note_failure(self, address: str) -> None:
        """Count a wrong key or code."""
        count, last = self._failures.pop(address, (0, 0.0))
        count = 0 if self._now() - last > WAIT_SECONDS else count
        self._failures[address] = (count + 1, self._now())
        if len(self._failures) > _ADDRESSES_KNOWN:
            self._failures.popitem(last=False)
