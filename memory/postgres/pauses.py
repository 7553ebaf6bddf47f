"""The pauses facet: conversations from which nothing is kept for now."""

from __future__ import annotations

from memory.postgres.store import Store


class PostgresPauses:
    """Keeps a row where the memory is switched off; see `memory.engine.PauseStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, platform: str, external_id: str) -> str | None:
        """Return the platform's id of the person who switched it off; None where it is on."""
        rows = await self._store.read(
            "SELECT paused_by FROM pauses WHERE platform = $1 AND external_id = $2", platform, external_id
        )
        return str(rows[0][0]) if rows else None

    async def start(self, platform: str, external_id: str, person: str) -> None:
        """Switch it off; who did so first stays the one who did."""
        await self._store.write(
            lambda connection: connection.execute(
                "INSERT INTO pauses VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", platform, external_id, person
            )
        )

    async def end(self, platform: str, external_id: str) -> None:
        """Switch it on again."""
        await self._store.write(
            lambda connection: connection.execute(
                "DELETE FROM pauses WHERE platform = $1 AND external_id = $2", platform, external_id
            )
        )
