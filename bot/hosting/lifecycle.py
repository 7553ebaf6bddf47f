"""One plugin from its start to its end, in a task of its own: it is entered and left there, whoever asks for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.errors import PluginError
from bot.hosting.tasks import context_of
from bot.plugin import Plugin, name_of

logger = logging.getLogger(__name__)

START_SECONDS = 60
STOP_SECONDS = 10


class PluginLifecycle:
    """Enters a plugin, and leaves it when what it has begun to handle is done.

    A plugin that opens a task group or a cancel scope needs to be entered and left by the same task, and one that
    calls `sys.exit()` must not take the bot with it.
    """

    def __init__(self, plugin: Plugin) -> None:
        self.plugin = plugin
        self._running: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._at_work = 0
        self.tasks: frozenset[asyncio.Task[Any]] = frozenset()
        """Those of its tasks that ran when another plugin of its name took its place."""

    @property
    def name(self) -> str:
        """What the plugin is called."""
        return name_of(self.plugin)

    async def start(self, seconds: float = START_SECONDS) -> None:
        """Enter the plugin. Raises PluginError, which says why it could not be."""
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running = asyncio.create_task(
            self._run(started), name=f"plugin {self.name}", context=context_of(self.name)
        )
        try:
            async with asyncio.timeout(seconds):
                await started
        except TimeoutError as error:
            raise PluginError(f"the plugin {self.name} was not ready within {seconds:g} seconds") from error
        finally:
            if not self._running.done() and (started.cancelled() or not started.done()):
                self._running.cancel()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keep the plugin from being left while the block runs."""
        self._at_work += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._idle.set()

    async def idle(self) -> None:
        """Wait until nothing of the plugin is at work."""
        await self._idle.wait()

    async def end(self, seconds: float = STOP_SECONDS) -> None:
        """Leave the plugin. What it raises then is logged; one that takes too long is cancelled."""
        if self._running is None:
            return
        self._ending.set()
        _, late = await asyncio.wait([self._running], timeout=seconds)
        if late:
            logger.error("The plugin %s did not end within %g seconds", self.name, seconds)
            self._running.cancel()
            await asyncio.wait([self._running], timeout=seconds)

    async def _run(self, started: asyncio.Future[None]) -> None:
        try:
            async with self.plugin:
                started.set_result(None)
                await self._ending.wait()
        except asyncio.CancelledError:
            raise
        except (Exception, SystemExit) as error:  # a plugin's sys.exit() does not end the bot
            if started.done():
                logger.exception("The plugin %s has failed", self.name)
            else:
                started.set_exception(_explain(self.name, error))


def _explain(name: str, error: BaseException) -> PluginError:
    problem = PluginError(f"the plugin {name} could not be started: {type(error).__name__}: {error}")
    problem.__cause__ = error
    return problem
