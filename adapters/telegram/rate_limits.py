"""Telegram's flood limits: replies wait their turn, changes of a growing one are left out when there is no room."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Literal

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

logger = logging.getLogger(__name__)

Growth = Literal["growth"]
GROWTH: Growth = "growth"
"""Marks a request that may be left out: a change of a reply that is still being written."""

UNCOUNTED = frozenset({"sendChatAction", "setMessageReaction"})
"""What is no message, and not worth waiting for."""
PATIENCE_SECONDS = 240.0
"""How long a reply waits for a chat that Telegram has told to rest; beyond, the outbox keeps it."""
TRIES = 5
KEPT_FOR_REPLIES = 0.4
"""The share of a group's messages that growing replies leave to finished ones."""

Call = Callable[..., Coroutine[Any, Any, Any]]


class TooSoonError(TelegramError):
    """Raised when a request that may be left out would have had to wait."""


def seconds_of(error: RetryAfter) -> float:
    """Return how long Telegram wants to be left alone."""
    told = error.retry_after
    return told.total_seconds() if isinstance(told, timedelta) else float(told)


class Pace(BaseRateLimiter[Growth]):
    """Keeps all requests together, and those to each group, within their limits.

    After a "429 Too Many Requests" only the chat that it was about rests, for as long as Telegram says.
    """

    def __init__(self, per_second: float, per_group_minute: float) -> None:
        self._overall = AsyncLimiter(max(per_second, 1), max(1, 1 / per_second))
        self._per_group_minute = per_group_minute
        self._groups: dict[int, AsyncLimiter] = {}
        self._rests: dict[int, float] = {}

    async def initialize(self) -> None:
        """Need nothing."""

    async def shutdown(self) -> None:
        """Hold nothing."""

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Growth | None,
    ) -> Any:
        """Make a request when its chat has room for it. Raises TooSoonError and telegram.error.TelegramError."""
        chat = data.get("chat_id")
        if not isinstance(chat, int):
            return await callback(*args, **kwargs)
        if endpoint in UNCOUNTED:
            return await self._call_unless_resting(chat, callback, args, kwargs)
        if rate_limit_args == GROWTH:
            return await self._call_now_or_never(chat, callback, args, kwargs)
        return await self._call_in_turn(chat, callback, args, kwargs)

    async def _call_unless_resting(self, chat: int, callback: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        if self._rest_of(chat):
            raise TooSoonError("the chat rests")
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            self._rest(chat, error)
            raise

    async def _call_now_or_never(self, chat: int, callback: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        group = self._group(chat)
        if group is not None and not group.has_capacity(max(1, KEPT_FOR_REPLIES * group.max_rate)):
            raise TooSoonError("the group has had its share")
        if not self._overall.has_capacity():
            raise TooSoonError("the bot has had its share")
        if group is not None:
            await group.acquire()
        async with self._overall:
            return await self._call_unless_resting(chat, callback, args, kwargs)

    async def _call_in_turn(self, chat: int, callback: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        group = self._group(chat)
        for number in range(1, TRIES + 1):
            await self._wait_out_rest(chat)
            if group is not None:
                await group.acquire()
            await self._overall.acquire()
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                rest = self._rest(chat, error)
                if number == TRIES or rest > PATIENCE_SECONDS:
                    raise
        raise AssertionError("the last try returns or raises")

    def _group(self, chat: int) -> AsyncLimiter | None:
        """Return a group's limiter; direct chats, whose ids are positive, have no fixed limit of their own."""
        if chat > 0:
            return None
        rate = self._per_group_minute
        return self._groups.setdefault(chat, AsyncLimiter(max(rate, 1), max(60, 60 / rate)))

    async def _wait_out_rest(self, chat: int) -> None:
        while rest := self._rest_of(chat):  # noqa: ASYNC110 (the end is known, and is only looked at again)
            await asyncio.sleep(rest)

    def _rest_of(self, chat: int) -> float:
        """Return for how many seconds a chat still has to be left alone."""
        until = self._rests.get(chat)
        if until is None:
            return 0.0
        left = until - asyncio.get_running_loop().time()
        if left <= 0:
            del self._rests[chat]
        return max(0.0, left)

    def _rest(self, chat: int, error: RetryAfter) -> float:
        seconds = seconds_of(error)
        logger.info("Telegram wants chat %d to be left alone for %.0f s", chat, seconds)
        self._rests[chat] = asyncio.get_running_loop().time() + seconds
        return seconds
