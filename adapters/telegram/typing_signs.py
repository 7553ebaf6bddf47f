"""The sign that the bot is writing: Telegram shows it for five seconds, so it is renewed."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from telegram.constants import ChatAction
from telegram.error import TelegramError

from adapters.telegram.client import Bot
from adapters.telegram.places import Place

RENEW_SECONDS = 4.5
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
    """Shows signs, and owns the tasks that renew them."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def show(self, place: Place) -> TypingSign:
        """Show the sign until it is stopped."""
        task = asyncio.create_task(self._renew(place), name=f"typing in {place.chat}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return TypingSign(task)

    async def _renew(self, place: Place) -> None:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                while True:
                    await self._bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=place.topic)
                    await asyncio.sleep(RENEW_SECONDS)
        except (TelegramError, TimeoutError):
            return  # nobody misses the sign
