"""The sign that the bot is writing: platforms show it for some seconds, so it is renewed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Self

from bot.adapter import BackgroundTasks

logger = logging.getLogger(__name__)

LONGEST_SECONDS = 300.0
"""After this long a sign ends by itself, whatever became of the reply."""


class TypingSign:
    """The sign in one chat, until it is stopped."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def stop(self) -> None:
        """Let the sign go out."""
        self._task.cancel()


class TypingSigns:
    """Shows signs, each again after `seconds`, and owns the tasks that renew them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._tasks = BackgroundTasks[None]()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._tasks.close()

    def show(self, place: object, sign: Callable[[], Awaitable[object]]) -> TypingSign:
        """Show the sign, by calling `sign`, until it is stopped."""
        return TypingSign(self._tasks.start(self._renew(sign), name=f"typing in {place}"))

    async def _renew(self, sign: Callable[[], Awaitable[object]]) -> None:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                while True:
                    await sign()
                    await asyncio.sleep(self._seconds)
        except Exception as error:  # noqa: BLE001 (nobody misses the sign)
            logger.debug("The sign that the bot is writing ends: %s", type(error).__name__)
