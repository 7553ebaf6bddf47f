"""WhatsApp's limits: so many messages a second from a number, and so many to each person."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiolimiter import AsyncLimiter

from adapters.whatsapp.failures import BusyError
from adapters.whatsapp.settings import WhatsAppSettings
from bot.adapter import Recent

logger = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 5
PATIENCE_SECONDS = 120.0
"""How long a reply waits for a number or a person that must rest; beyond, the outbox keeps it."""
MOST_CHATS = 10_000
_GROWTH = 4
"""After each refusal in a row the rest is so many times as long, as Meta advises for the limit of a person."""


class Pace:
    """Sends messages no faster than Meta allows. After a refusal only the person rests, or else the number."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        rate = settings.messages_per_second
        self._overall = AsyncLimiter(max(rate, 1), max(1, 1 / rate))
        self._chat_burst = settings.person_burst
        self._chat_seconds = settings.person_burst * settings.person_seconds
        self._retry_seconds = settings.retry_seconds
        self._chats: Recent[str, AsyncLimiter] = Recent(MOST_CHATS)
        self._rests: dict[str, float] = {}

    async def send(self, chat: str, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call that sends a message when there is room for it. Raises BusyError, and what the call raises."""
        for number in range(TRIES):
            await self._wait_out(chat)
            await self._limiter(chat).acquire()
            await self._overall.acquire()
            try:
                return await call()
            except BusyError as error:
                seconds = max(error.seconds, self._retry_seconds * _GROWTH**number)
                self._rest(chat if error.is_pair else "", seconds)
                if number + 1 == TRIES or seconds > PATIENCE_SECONDS:
                    raise
                logger.info("%s; the next try is in %.0f s", error, seconds)
        raise AssertionError("the last try returns or raises")

    def _limiter(self, chat: str) -> AsyncLimiter:
        limiter = self._chats.get(chat)
        if limiter is None:
            limiter = AsyncLimiter(self._chat_burst, self._chat_seconds)
            self._chats.keep(chat, limiter)
        return limiter

    def _rest(self, whom: str, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        self._rests[whom] = max(until, self._rests.get(whom, 0))

    async def _wait_out(self, chat: str) -> None:
        """Wait until neither the person nor the number, which is called "" here, must rest."""
        while (left := max(self._count_left(chat), self._count_left(""))) > 0:  # noqa: ASYNC110 (the end is known, and is only looked at again)
            await asyncio.sleep(left)

    def _count_left(self, whom: str) -> float:
        until = self._rests.get(whom)
        left = 0.0 if until is None else until - asyncio.get_running_loop().time()
        if until is not None and left <= 0:
            del self._rests[whom]
        return left
