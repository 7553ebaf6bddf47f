"""Runs a task in one process at a time, whatever lock the engine has for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

logger = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between two tries to get a task that another process has."""


class TaskLock(Protocol):
    """A lock that one process of all holds."""

    async def acquire(self) -> bool:
        """Try to get it."""

    async def wait_until_lost(self) -> None:
        """Return when it is lost; never, where that can't be."""

    async def release(self) -> None:
        """Give it back."""


async def lead(lock: TaskLock, task: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` while this process holds the lock, again after each loss, until it ends."""
    while True:
        await _wait_for(lock, task)
        try:
            if await _run_while_held(lock, work):
                return
        finally:
            await lock.release()
        logger.warning("This process has lost its turn to %s; it goes on once it has it back", task)


async def _wait_for(lock: TaskLock, task: str) -> None:
    told = False
    while not await lock.acquire():
        if not told:
            logger.info("Another process has its turn to %s; this one takes over when that ends", task)
            told = True
        await asyncio.sleep(LOOK)


async def _run_while_held(lock: TaskLock, work: Callable[[], Awaitable[None]]) -> bool:
    """Run the work; say whether it has ended by itself."""
    running = asyncio.ensure_future(work())
    losing = asyncio.ensure_future(lock.wait_until_lost())
    try:
        await asyncio.wait([running, losing], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
            return True
        return False
    finally:
        for each in (running, losing):
            each.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(running, losing, return_exceptions=True)
