"""One ordered lane per conversation: its messages one after another, other conversations beside it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Left:
    """An item that is left in the store until its turn comes, because its lane is full."""

    number: int


class _Lane(Generic[T]):
    """What waits in one conversation; `held` counts the items that are not left in the store."""

    def __init__(self) -> None:
        self.items: deque[T | _Left] = deque()
        self.held = 0


class Lanes(Generic[T]):
    """Hands items to `handle`, in order within a lane and side by side across lanes.

    A lane that holds `length` items keeps of each further one that is stored no more than its number, and fetches it
    when its turn comes; what is stored nowhere is held, which people's daily quotas bound. A lane without work is gone,
    so idle conversations cost nothing. Leaving the block lets what is being handled finish within `grace` seconds and
    drops what has not begun: what of it is stored is resumed at the next start.
    """

    def __init__(
        self,
        handle: Callable[[T], Awaitable[None]],
        *,
        fetch: Callable[[int], Awaitable[T | None]] | None = None,
        length: int = 100,
        grace: float = 10,
    ) -> None:
        self._handle = handle
        self._fetch = fetch
        self._length = length
        self._grace = grace
        self._lanes: dict[str, _Lane[T]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def open(self) -> int:
        """How many conversations have work at this moment."""
        return len(self._lanes)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Finish or abandon what is being handled; from here on nothing is taken."""
        self._closing = True
        if self._workers:
            _, late = await asyncio.wait(self._workers, timeout=self._grace)
            for worker in late:
                worker.cancel()
            if late:
                await asyncio.wait(late)

    def put(self, key: str, item: T, number: int | None = None) -> None:
        """Append to a lane an item that is stored under a `number`, or nowhere. While closing it is dropped."""
        if self._closing:
            return
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane()
            worker = asyncio.create_task(self._work(key, lane), name=f"lane {key}")
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        if number is not None and self._fetch is not None and lane.held >= self._length:
            lane.items.append(_Left(number))
        else:
            lane.items.append(item)
            lane.held += 1

    async def idle(self) -> None:
        """Wait until no lane has work."""
        while self._workers:
            await asyncio.wait(self._workers)

    async def _work(self, key: str, lane: _Lane[T]) -> None:
        try:
            while lane.items and not self._closing:
                item = lane.items.popleft()
                if not isinstance(item, _Left):
                    lane.held -= 1
                try:
                    await self._take(item)
                except Exception:  # a lane outlives whatever happens to one message
                    logger.exception("A message in lane %s could not be handled", key)
        finally:
            del self._lanes[key]

    async def _take(self, item: T | _Left) -> None:
        """Handle an item, unless it is gone from where it was left."""
        if not isinstance(item, _Left):
            await self._handle(item)
        elif self._fetch is not None and (fetched := await self._fetch(item.number)) is not None:
            await self._handle(fetched)
