"""Waiting after Telegram's errors, as long as each asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram.error import InvalidToken, RetryAfter, TelegramError

from adapters.backoff import Backoff
from adapters.telegram.client import TOKEN_REFUSED, explain
from adapters.telegram.rate_limits import seconds_of
from bot.errors import AdapterError


class TelegramBackoff(Backoff):
    """Pauses between tries to reach Telegram, and knows which errors no pause helps against."""

    def __init__(self, first: float, most: float) -> None:
        super().__init__("Telegram", first, most)

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
        await self.pause(explain(error), seconds_of(error) if isinstance(error, RetryAfter) else 0.0)
