"""The sign that the bot is writing: Discord shows it for ten seconds, so it is renewed."""

from __future__ import annotations

import asyncio
from typing import Self

import discord

from adapters.discord.failures import UNREACHABLE

RENEW_SECONDS = 8.0
LONGEST_SECONDS = 300.0
"""After this long a sign ends by itself, whatever became of the reply."""


class TypingSign:
    """The sign in one channel, until it is stopped."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def stop(self) -> None:
        """Let the sign go out."""
        self._task.cancel()


class TypingSigns:
    """Shows signs, and owns the tasks that renew them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def show(self, channel: discord.PartialMessageable) -> TypingSign:
        """Show the sign until it is stopped."""
        task = asyncio.create_task(_renew(channel), name=f"typing in {channel.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return TypingSign(task)


async def _renew(channel: discord.PartialMessageable) -> None:
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            while True:
                await channel.typing()
                await asyncio.sleep(RENEW_SECONDS)
    except UNREACHABLE:
        return  # nobody misses the sign
