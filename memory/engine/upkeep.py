"""Care of the database as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Upkeep(Protocol):
    """Checks and copies a database, while it is in use."""

    @property
    def folder(self) -> Path:
        """The data folder on this machine: what is kept in files lies there."""

    async def check(self) -> list[str]:
        """Return what is wrong with the store, one line each: integrity, and text, words and vectors that disagree."""

    async def check_briefly(self) -> list[str]:
        """Return what a look of a moment finds wrong with the store, a few lines at most."""

    async def measure(self) -> int:
        """Return how many bytes the database takes."""

    async def compact(self) -> None:
        """Give back the room of what was forgotten. Raises StorageError when others write for too long."""

    async def back_up(self, path: Path) -> None:
        """Write a consistent copy to `path`, which must not exist yet. Raises StorageError."""
