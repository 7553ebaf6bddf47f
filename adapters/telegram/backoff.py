"""Waiting longer after each failure in a row."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from telegram.error import InvalidToken, RetryAfter, TelegramError

from adapters.telegram.client import TOKEN_REFUSED, explained
from adapters.telegram.pace import seconds_of
from bot.errors import AdapterError

logger = logging.getLogger(__name__)


class Backoff:
    """Pauses between tries: `first` seconds, then double, at most `most`, with some chance in it.

    The first failure of a row is a warning, and so is the end of the row; the ones between are told when debugging.
    """

    def __init__(self, first: float, most: float) -> None:
        self._first = first
        self._most = most
        self._failures = 0

    def reset(self) -> None:
        """Begin anew: it worked."""
        if self._failures:
            logger.warning("Telegram works again, after %d failures", self._failures)
        self._failures = 0

    async def until_done(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call until Telegram takes it. Raises AdapterError when trying again does not help."""
        while True:
            try:
                await call()
            except TelegramError as error:
                await self.after(error)
            else:
                self.reset()
                return

    async def after(self, error: TelegramError) -> None:
        """Wait as long as an error asks for. Raises AdapterError when waiting does not help."""
        if isinstance(error, InvalidToken):
            raise AdapterError(TOKEN_REFUSED) from None  # the error's own text may hold the token
        await self.pause(explained(error), seconds_of(error) if isinstance(error, RetryAfter) else 0.0)

    async def pause(self, reason: str, at_least: float = 0.0) -> None:
        """Wait before the next try."""
        doubled = self._first * 2 ** min(self._failures, 16)
        seconds = max(at_least, min(self._most, doubled) * random.uniform(0.8, 1.2))  # noqa: S311 (spreads the load)
        level = logging.DEBUG if self._failures else logging.WARNING
        logger.log(level, "Telegram: %s. The next try is in %.1f s", reason.rstrip("."), seconds)
        self._failures += 1
        await asyncio.sleep(seconds)
