"""Keeps what plugins do wrong theirs: each call in a task of its own that can be given up, and failures counted."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.errors import AccessDenied, AdapterError, CommandError, FileUnreadable, ModelError, PluginError
from bot.hosting.tasks import context_of, end_tasks
from bot.pipeline.background import BackgroundTasks
from bot.pipeline.metrics import Metrics
from memory.errors import MemoryStoreError

logger = logging.getLogger(__name__)

T = TypeVar("T")

FAILURES = 3
"""So many failures in a row switch a plugin off."""
_SAID = (CommandError, AccessDenied, FileUnreadable)
_OTHERS = (AdapterError, ModelError, MemoryStoreError)

SwitchOff = Callable[[str, str], Awaitable[None]]
"""Switches a plugin off, by its name and the reason."""


@dataclass(slots=True)
class _Call:
    given_up: bool = False


_call: contextvars.ContextVar[_Call | None] = contextvars.ContextVar("call", default=None)


class Isolation:
    """Calls plugins, and counts how it goes. After `FAILURES` failures in a row it has a plugin switched off.

    What a plugin says on purpose (CommandError and its like) is not a failure, nor is one of the platform, the language
    model or the database.
    """

    def __init__(self, metrics: Metrics, switch_off: SwitchOff) -> None:
        self._metrics = metrics
        self._switch_off = switch_off
        self._failures: Counter[str] = Counter()
        self._switching = BackgroundTasks[None]()

    async def call(self, plugin: str, work: Coroutine[Any, Any, T]) -> T:
        """Await a plugin's work. When this is cancelled so is the work; one that does not end is given up.

        Raises what the work raises, and PluginError where it ends or cancels what is not its own.
        """
        context, call = context_of(plugin), _Call()
        context.run(_call.set, call)
        task = asyncio.create_task(_contain(work), name=f"plugin {plugin}", context=context)
        try:
            result = await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled() and not _is_cancelled():
                raise PluginError(f"{plugin} has cancelled itself") from None
            call.given_up = True
            if not await end_tasks([task], context):
                logger.error("The plugin %s does not end when cancelled, and is left alone", plugin)  # noqa: TRY400 (the cancelling is not an error)
            raise
        except _SAID:
            self.forgive(plugin)
            raise
        self.forgive(plugin)
        return result

    def count_failure(self, plugin: str, error: BaseException) -> None:
        """Count a failure; the last of too many switches the plugin off."""
        self._metrics.plugin_failures.labels(plugin).inc()
        if isinstance(error, _OTHERS):
            return
        self._failures[plugin] += 1
        if self._failures[plugin] >= FAILURES:
            del self._failures[plugin]
            # The kind alone: what the error says may repeat what somebody said, and is kept longer than that.
            reason = f"it failed {FAILURES} times in a row, the last time with {type(error).__name__}; the log has more"
            self._start_switching(plugin, reason)

    def forgive(self, plugin: str) -> None:
        """Begin to count again: something went well, or the plugin was restarted."""
        self._failures.pop(plugin, None)

    async def settle(self) -> None:
        """Wait until what is to be switched off is off."""
        await self._switching.wait()

    def _start_switching(self, plugin: str, reason: str) -> None:
        work = self._switch_off_and_log(plugin, reason)
        # Not in the plugin's name: leaving a plugin ends the tasks that are its own.
        self._switching.start(work, name=f"switch {plugin} off", context=context_of(""))

    async def _switch_off_and_log(self, plugin: str, reason: str) -> None:
        logger.error("The plugin %s is switched off: %s", plugin, reason)
        try:
            await self._switch_off(plugin, reason)
        except Exception:
            logger.exception("The plugin %s could not be switched off", plugin)


def is_given_up() -> bool:
    """Say whether the plugin's call that runs now was given up: what it says is not wanted any more."""
    call = _call.get()
    return call is not None and call.given_up


async def _contain(work: Coroutine[Any, Any, T]) -> T:
    """Await, and keep what would end the event loop from it."""
    try:
        return await work
    except SystemExit as error:
        raise PluginError(f"it called sys.exit({error.code!r})") from error


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
