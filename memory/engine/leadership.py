"""Work that only one of the processes on a database may do at a time, such as receiving from a platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol


class Leadership(Protocol):
    """Chooses which of several processes does a piece of work, and another within seconds when that one ends."""

    async def lead(self, task: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work`, while no other process does `task`, until it ends.

        Waits for its turn as long as another does. When this process loses it, having lost its connection to the
        database, the work is cancelled, and begun again once it has it back. What the work raises is raised.
        """
