"""The sign that the bot is writing: platforms show it for some seconds, so it is renewed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Self

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
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def show(self, place: object, sign: Callable[[], Awaitable[object]]) -> TypingSign:
        """Show the sign, by calling `sign`, until it is stopped."""
        task = asyncio.create_task(self._renew(sign), name=f"typing in {place}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return TypingSign(task)

    async def _renew(self, sign: Callable[[], Awaitable[object]]) -> None:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                while True:
                    await sign()
                    await asyncio.sleep(self._seconds)
        except Exception as error:  # noqa: BLE001 (nobody misses the sign)
            logger.debug("The sign that the bot is writing ends: %s", type(error).__name__)
