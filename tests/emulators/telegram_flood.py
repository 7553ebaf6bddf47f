"""Telegram's flood control, with time that tests can run faster."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass
class FloodControl:
    """How much is taken for each chat.

    A chat takes a burst and then a message a second; two changes of one message, or of a draft, must be
    `change_seconds` apart; a group takes `group_messages` a minute. With `speed` 10 all times are a tenth.
    `refused` counts refusals.
    """

    speed: float = 1.0
    burst: int = 30
    change_seconds: float = 1.0
    group_messages: int = 20
    enabled: bool = True
    refused: int = 0
    _sent: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _changed: dict[tuple[int, int], float] = field(default_factory=dict)
    _until: dict[int, float] = field(default_factory=dict)

    def retry_after(self, chat: int, changed: int | None) -> float | None:
        """Count a message, or a change of the message `changed`; return the seconds to wait when it is too much."""
        if not self.enabled:
            return None
        now = time.monotonic() * self.speed
        apart = 0.0 if changed is None else self._changed.get((chat, changed), -math.inf) + self.change_seconds - now
        wait = max(self._until.get(chat, 0.0) - now, apart, self._crowded(chat, now))
        if wait > 0:
            self.refused += 1
            self._until[chat] = now + wait
            return math.ceil(wait) if self.speed == 1 else wait / self.speed
        self._sent[chat].append(now)
        if changed is not None:
            self._changed[chat, changed] = now
        return None

    def _crowded(self, chat: int, now: float) -> float:
        """Return how long it takes until a chat has room again."""
        sent = self._sent[chat]
        allowed, seconds = (self.group_messages, 60.0) if chat < 0 else (self.burst, float(self.burst))
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        return sent[0] + seconds - now if len(sent) >= allowed else 0.0
