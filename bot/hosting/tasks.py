"""Whose a task is: a plugin's, when it was started by its code, however deep."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

logger = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that a task has to end in after it was cancelled."""

_plugin: contextvars.ContextVar[str] = contextvars.ContextVar("plugin", default="")


class PluginTasks:
    """Knows the tasks that plugins have started, by the context that a task inherits from what starts it."""

    def __init__(self) -> None:
        self._owners: WeakKeyDictionary[asyncio.Task[Any], str] = WeakKeyDictionary()

    @contextmanager
    def watching(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Take note of every task that is started in the loop while the block runs."""
        former = loop.get_task_factory()

        def make(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> Any:
            task: Any = asyncio.Task(work, loop=loop, **options) if former is None else former(loop, work, **options)
            given: contextvars.Context | None = options.get("context")
            if plugin := _plugin.get() if given is None else given.get(_plugin, ""):
                self._owners[task] = plugin
            return task

        loop.set_task_factory(make)
        try:
            yield
        finally:
            loop.set_task_factory(former)

    def owner(self, task: asyncio.Task[Any] | None) -> str:
        """Return the plugin that a task belongs to; nothing where it is the bot's own."""
        return "" if task is None else self._owners.get(task, "")

    def of(self, plugin: str) -> set[asyncio.Task[Any]]:
        """Return what runs of a plugin's now, but for the task that asks."""
        running = {task for task, owner in self._owners.items() if owner == plugin and not task.done()}
        return running - {asyncio.current_task()}

    async def end(self, plugin: str, left: set[asyncio.Task[Any]]) -> None:
        """End what a plugin has left running, and name it in the log."""
        if left:
            names = ", ".join(sorted(map(_describe, left)))
            logger.error("The plugin %s has left %d tasks running, which are ended now: %s", plugin, len(left), names)
            await end_tasks(left)


def context_of(plugin: str) -> contextvars.Context:
    """Return a context in which tasks are a plugin's; the bot's own for ""."""
    context = contextvars.copy_context()
    context.run(_plugin.set, plugin)
    return context


async def end_tasks(
    tasks: Iterable[asyncio.Task[Any]], context: contextvars.Context | None = None, patience: float = PATIENCE
) -> bool:
    """Cancel tasks, and see to it that they end; False when one could not be made to.

    One that swallows its cancellation has its coroutine closed, in `context`: the statement where it waits raises
    GeneratorExit.
    """
    left = set(tasks)
    for end in (asyncio.Task.cancel, partial(_close, context or contextvars.copy_context())):
        for task in left:
            end(task)
        if left:
            done, left = await asyncio.wait(left, timeout=patience)
            for task in done:
                if not task.cancelled():
                    task.exception()  # nobody else asks for it, and the loop would complain
    return not left


def _close(context: contextvars.Context, task: asyncio.Task[Any]) -> None:
    work = task.get_coro()
    if isinstance(work, Coroutine):
        with suppress(Exception):  # that of a task which nobody waits for any more
            context.run(work.close)
    task.cancel()  # wakes it, so that it takes note of its end


def _describe(task: asyncio.Task[Any]) -> str:
    work = task.get_coro()
    return f"{task.get_name()} ({getattr(work, '__qualname__', work)})"
