"""Care of the database as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Upkeep(Protocol):
    """Checks and copies a database, while it is in use."""

    @property
    def path(self) -> Path:
        """The database's file."""

    async def check(self) -> list[str]:
        """Return what is wrong with the store, one line each: integrity, and text, words and vectors that disagree."""

    async def check_pages(self) -> list[str]:
        """Return which pages of the file are damaged, a few lines at most: a part of `check` that takes a moment."""

    async def compact(self) -> None:
        """Give back the room of what was forgotten. Raises StorageError when others write for too long."""

    async def back_up(self, path: Path) -> None:
        """Write a consistent copy to `path`, which must not exist yet. Raises StorageError."""
