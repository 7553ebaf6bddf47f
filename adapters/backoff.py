"""Waiting longer after each failure in a row, for adapters that reconnect."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import UTC, datetime

from bot.adapter import Trouble

logger = logging.getLogger(__name__)

_MOST_DOUBLINGS = 16


class Backoff:
    """Pauses between tries to reach a platform: `first` seconds, then double, at most `most`, with some chance in it.

    The first failure in a row is a warning, and so is the end of the row; the ones between show when debugging.
    """

    def __init__(self, platform: str, first: float, most: float) -> None:
        self._platform = platform
        self._bot = platform
        self._first = first
        self._most = most
        self._failures = 0
        self.trouble: Trouble | None = None
        """What the failures in a row are about, and when the first one was."""

    def name_bot(self, name: str) -> None:
        """Write in the log for which of several bots of the platform it waits: "Telegram (work)"."""
        _, _, bot = name.partition(".")
        self._bot = f"{self._platform} ({bot})" if bot else self._platform

    def reset(self) -> None:
        """Begin again: it worked."""
        if self._failures:
            logger.warning("%s works again, after %d failures", self._bot, self._failures)
        self._failures = 0
        self.trouble = None

    async def pause(self, reason: str, at_least: float = 0.0) -> None:
        """Wait before the next try: no less than the platform asks for, in seconds."""
        doubled = self._first * 2 ** min(self._failures, _MOST_DOUBLINGS)
        seconds = max(at_least, min(self._most, doubled) * random.uniform(0.8, 1.2))  # noqa: S311 (spreads the load)
        level = logging.DEBUG if self._failures else logging.WARNING
        logger.log(level, "%s: %s. The next try is in %.1f s", self._bot, reason.rstrip("."), seconds)
        self._failures += 1
        self.trouble = Trouble(datetime.now(UTC) if self.trouble is None else self.trouble.since, reason)
        await asyncio.sleep(seconds)
