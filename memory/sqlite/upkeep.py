"""The upkeep facet: checks and copies the file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from memory.errors import StorageError
from memory.sqlite import check
from memory.sqlite.backup import back_up, compact
from memory.sqlite.store import Store

_LOOKED_THROUGH = 256 << 20
"""Bytes that are looked through in a moment."""


class SqliteUpkeep:
    """Looks after the file; see `memory.engine.Upkeep`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def folder(self) -> Path:
        """The folder that the database's file is in."""
        return self._store.path.parent

    async def check(self) -> list[str]:
        """Check the rows, the indexes and the vectors against each other."""
        # A connection of its own: FTS5's integrity check trusts what a connection has cached, stale or not.
        async with self._store.fresh() as connection:
            return await check.check(connection)

    async def check_briefly(self) -> list[str]:
        """Look at the structure of every page of a file that is not large, without comparing indexes with tables."""
        if (await asyncio.to_thread(self._store.path.stat)).st_size > _LOOKED_THROUGH:
            return []
        try:
            async with self._store.fresh() as connection:
                rows = await connection.execute_fetchall("PRAGMA quick_check(3)")
        except StorageError as error:  # so damaged that not even that can be told
            return [str(error)]
        return [str(row[0]) for row in rows if row[0] != "ok"]

    async def measure(self) -> int:
        """Return the size of the file and of its log."""
        return await asyncio.to_thread(_measure, self._store.path)

    async def compact(self) -> None:
        """Rewrite the file by VACUUM, and empty its log."""
        await asyncio.to_thread(compact, self._store.path)

    async def back_up(self, path: Path) -> None:
        """Copy the file by VACUUM INTO, which sees one state of it."""
        await asyncio.to_thread(back_up, self._store.path, path)


def _measure(database: Path) -> int:
    files = (database.with_name(database.name + end) for end in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
