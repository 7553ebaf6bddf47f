"""Work that goes on beside what started it, and is never left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from contextvars import Context
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")


class BackgroundTasks(Generic[T]):
    """Starts tasks and keeps each until it ends. Leaving the block cancels those that still run, and waits for them.

    The event loop itself refers to tasks only weakly, so one that nobody keeps may vanish before it is done
    (https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task).
    """

    def __init__(self) -> None:
        self._running: set[asyncio.Task[T]] = set()

    def __len__(self) -> int:
        return len(self._running)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    def start(self, work: Coroutine[Any, Any, T], *, name: str, context: Context | None = None) -> asyncio.Task[T]:
        """Start some work, in this context variables' context or in a copy of the caller's."""
        task = asyncio.create_task(work, name=name, context=context)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def wait(self) -> None:
        """Wait until nothing runs, what is started meanwhile included."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self, grace: float = 0) -> None:
        """Let what runs end within `grace` seconds, cancel what does not, and wait until it has ended."""
        if self._running and grace > 0:
            await asyncio.wait(self._running, timeout=grace)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)


@asynccontextmanager
async def run_beside(work: Coroutine[Any, Any, object], *, name: str) -> AsyncIterator[None]:
    """Run some endless work while the block runs; leaving the block cancels it, and waits until it has ended."""
    async with BackgroundTasks[object]() as tasks:
        tasks.start(work, name=name)
        yield
