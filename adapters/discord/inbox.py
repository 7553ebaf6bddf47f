"""Events on their way from the gateway to the core: in order for each conversation, and bounded."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Self

from bot.adapter import BackgroundTasks

logger = logging.getLogger(__name__)

Job = Callable[[], Awaitable[object]]

CAPACITY = 1000


class ChannelQueues:
    """One queue of jobs a channel, each worked off by a task of its own that ends with its queue.

    The gateway can't be told to wait for a single channel, so `room` makes it wait for all when too much is open.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._open = 0
        self._queues: dict[int, deque[Job]] = {}
        self._workers = BackgroundTasks[None]()
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._workers.close()

    def put(self, channel: int, job: Job) -> None:
        """Queue a job behind the others of its channel."""
        self._open += 1
        if self._open >= self._capacity:
            self._has_room.clear()
        queue = self._queues.get(channel)
        if queue is not None:
            queue.append(job)
            return
        self._queues[channel] = queue = deque([job])
        self._workers.start(self._work(channel, queue), name=f"discord channel {channel}")

    async def room(self) -> None:
        """Wait until there is room for more."""
        await self._has_room.wait()

    async def _work(self, channel: int, queue: deque[Job]) -> None:
        while queue:
            job = queue.popleft()
            try:
                await job()
            except Exception:  # one event that can't be taken must not stop the others
                logger.exception("An event in the Discord channel %d could not be handled", channel)
            self._open -= 1
            if self._open < self._capacity:
                self._has_room.set()
        del self._queues[channel]
