"""The last-seen facet: up to when each platform was listened to."""

from __future__ import annotations

from datetime import datetime

from memory.postgres.store import Store
from memory.timestamps import micros
from memory.timestamps import moment as moment_of


class PostgresLastSeen:
    """Keeps one time for each platform; see `memory.engine.LastSeenStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, platform: str) -> datetime | None:
        """Return when the last message was said that was seen; None where none ever was."""
        rows = await self._store.read("SELECT until FROM last_seen WHERE platform = $1", platform)
        return moment_of(int(rows[0][0])) if rows else None

    async def keep(self, platform: str, moment: datetime) -> None:
        """Note when the last message was said; an earlier one changes nothing."""
        await self._store.write(
            lambda connection: connection.execute(
                """INSERT INTO last_seen AS known (platform, until) VALUES ($1, $2)
               ON CONFLICT (platform) DO UPDATE SET until = greatest(known.until, excluded.until)""",
                platform,
                micros(moment),
            )
        )
