"""The pauses facet: conversations from which nothing is kept for now."""

from __future__ import annotations

import aiosqlite

from memory.sqlite.store import Store


class SqlitePauses:
    """Keeps a row where the memory is switched off; see `memory.engine.PauseStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, platform: str, external_id: str) -> str | None:
        """Return the platform's id of the person who switched it off; None where it is on."""
        rows = await self._store.look_up(
            "SELECT paused_by FROM pauses WHERE platform = ? AND external_id = ?", [platform, external_id]
        )
        return str(rows[0][0]) if rows else None

    async def start(self, platform: str, external_id: str, person: str) -> None:
        """Switch it off; who did so first stays the one who did."""
        await self._store.write(
            lambda connection: _run(
                connection, "INSERT OR IGNORE INTO pauses VALUES (?, ?, ?)", platform, external_id, person
            )
        )

    async def end(self, platform: str, external_id: str) -> None:
        """Switch it on again."""
        await self._store.write(
            lambda connection: _run(
                connection, "DELETE FROM pauses WHERE platform = ? AND external_id = ?", platform, external_id
            )
        )


async def _run(connection: aiosqlite.Connection, sql: str, *values: str) -> None:
    await connection.execute(sql, values)
