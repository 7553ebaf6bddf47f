"""One ordered lane per conversation: its messages one after another, other conversations beside it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from bot.pipeline.background import BackgroundTasks
from memory.errors import RecordRefused, StorageError

logger = logging.getLogger(__name__)

T = TypeVar("T")

_PAUSE = 1.0
"""Seconds after which a store that could not be read is asked again."""


@dataclass(frozen=True, slots=True)
class _WaitingItem(Generic[T]):
    """An item that waits in the store, because its lane is full, until `fetch` brings it when its turn comes."""

    fetch: Callable[[], Awaitable[T | None]]


class _Lane(Generic[T]):
    """What waits in one conversation; `held` counts the items that are in memory."""

    def __init__(self) -> None:
        self.items: deque[T | _WaitingItem[T]] = deque()
        self.held = 0


class Lanes(Generic[T]):
    """Hands items to `handle`, in order within a lane and side by side across lanes.

    A lane that holds `length` items in memory leaves each further one that can be fetched in the store until its turn
    comes, so that a flood in one conversation costs no memory; what is stored nowhere is held, which people's daily
    quotas bound. A lane without work is gone, so idle conversations cost nothing. Leaving the block lets what is being
    handled finish within `grace` seconds and drops what has not begun: what of it is stored is resumed at the next
    start.
    """

    def __init__(
        self, handle: Callable[[T], Awaitable[None]], *, length: int = 100, grace: float = 10, pause: float = _PAUSE
    ) -> None:
        self._handle = handle
        self._length = length
        self._grace = grace
        self._pause = pause
        self._lanes: dict[str, _Lane[T]] = {}
        self._workers = BackgroundTasks[None]()
        self._closing = False

    @property
    def open(self) -> int:
        """How many conversations have work at this moment."""
        return len(self._lanes)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Finish or abandon what is being handled; from here on nothing is taken."""
        self._closing = True
        await self._workers.close(self._grace)

    def put(self, key: str, item: T, *, fetch: Callable[[], Awaitable[T | None]] | None = None) -> None:
        """Append an item to a lane; one that is stored comes with what fetches it. While closing it is dropped."""
        if self._closing:
            return
        lane = self._open_lane(key)
        if fetch is not None and lane.held >= self._length:
            lane.items.append(_WaitingItem(fetch))
        else:
            lane.items.append(item)
            lane.held += 1

    def put_waiting(self, key: str, fetch: Callable[[], Awaitable[T | None]]) -> None:
        """Append an item that is stored to a lane; it is fetched when its turn comes. While closing it is dropped."""
        if not self._closing:
            self._open_lane(key).items.append(_WaitingItem(fetch))

    def _open_lane(self, key: str) -> _Lane[T]:
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane()
            # One task for each conversation keeps its order, and a slow answer delays nobody elsewhere.
            self._workers.start(self._work(key, lane), name=f"lane {key}")
        return lane

    async def idle(self) -> None:
        """Wait until no lane has work."""
        await self._workers.wait()

    async def _work(self, key: str, lane: _Lane[T]) -> None:
        try:
            while lane.items and not self._closing:
                item = lane.items.popleft()
                if not isinstance(item, _WaitingItem):
                    lane.held -= 1
                try:
                    await self._take(item)
                except Exception:  # a lane outlives whatever happens to one message
                    logger.exception("A message in lane %s could not be handled", key)
        finally:  # no await since `items` was found empty, so nothing can have been put into it meanwhile
            del self._lanes[key]

    async def _take(self, item: T | _WaitingItem[T]) -> None:
        """Handle an item, unless it is gone from the store."""
        taken = await self._fetch(item) if isinstance(item, _WaitingItem) else item
        if taken is not None:
            await self._handle(taken)

    async def _fetch(self, item: _WaitingItem[T]) -> T | None:
        """Fetch an item as soon as the store can be read: nobody else would, as long as this process has it."""
        while not self._closing:
            try:
                return await item.fetch()
            except RecordRefused:
                raise  # it would be again
            except StorageError as error:
                logger.warning("A message that waits can't be read yet: %s", error)
                await asyncio.sleep(self._pause)
        return None
