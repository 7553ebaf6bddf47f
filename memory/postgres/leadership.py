"""The leadership facet: which process does a task, by an advisory lock on the connection that shows it to live."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from memory import task_lock
from memory.postgres.presence import Presence


class PostgresLeadership:
    """Lets the holder of a lock do a task; see `memory.engine.Leadership`."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence

    async def lead(self, task: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run the work while this process holds the task's lock."""
        await task_lock.lead(_Lock(self._presence, task), task, work)


class _Lock:
    """The lock of one task."""

    def __init__(self, presence: Presence, task: str) -> None:
        self._presence = presence
        self._task = task

    async def acquire(self) -> bool:
        """Try to get it; not while the connection is lost."""
        await self._presence.show()
        return await self._presence.try_lock(self._task)

    async def wait_until_lost(self) -> None:
        """Wait until the connection is."""
        await self._presence.lost.wait()

    async def release(self) -> None:
        """Give it back, if it is not lost."""
        await self._presence.unlock(self._task)
