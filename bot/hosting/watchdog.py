"""Sees when the event loop stands still because somebody's code holds it, and says whose."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Self

from bot.hosting.tasks import PluginTasks

logger = logging.getLogger(__name__)

Blocked = Callable[[str, float], None]
"""Is told which plugin has held the loop, and for how many seconds; called in the loop, once it goes on."""


class Watchdog:
    """A thread that listens to the loop's heartbeat. Enter it in the loop that it is to watch."""

    def __init__(self, tasks: PluginTasks, seconds: float, blocked: Blocked) -> None:
        self._tasks = tasks
        self._seconds = seconds
        self._blocked = blocked
        self._beaten = time.monotonic()
        self._held: str | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._beat()
        self._thread.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._heart.cancel()
        self._ending.set()
        await asyncio.to_thread(self._thread.join)

    def _beat(self) -> None:
        now = time.monotonic()
        if self._held is not None:
            held, self._held = self._held, None
            logger.error("The event loop goes on after %.1f seconds", now - self._beaten)
            if held:
                self._blocked(held, now - self._beaten)
        self._beaten = now
        self._heart = self._loop.call_later(self._seconds / 2, self._beat)

    def _watch(self) -> None:
        while not self._ending.wait(self._seconds / 2):
            if self._held is None and time.monotonic() - self._beaten > self._seconds:
                self._name()

    def _name(self) -> None:
        """Say who holds the loop. Its thread goes on meanwhile: what is read here may be gone the next moment."""
        plugin = self._tasks.owner(asyncio.current_task(self._loop))
        frame: FrameType | None = sys._current_frames().get(self._loop_thread)  # noqa: SLF001 (documented, for this)
        where = "".join(traceback.format_stack(frame)) if frame is not None else "nowhere\n"
        self._held = plugin
        whose = f"the plugin {plugin}" if plugin else "the bot itself"
        logger.error("The event loop is blocked by %s, so nobody is served. It is at:\n%s", whose, where)
