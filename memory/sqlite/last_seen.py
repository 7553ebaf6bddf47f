"""The last-seen facet: up to when each platform was listened to."""

from __future__ import annotations

from datetime import datetime

from memory.sqlite.store import Store
from memory.timestamps import micros
from memory.timestamps import moment as moment_of


class SqliteLastSeen:
    """Keeps one time for each platform; see `memory.engine.LastSeenStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, platform: str) -> datetime | None:
        """Return when the last message was said that was seen; None where none ever was."""
        rows = await self._store.read("SELECT until FROM attendance WHERE platform = ?", [platform])
        return moment_of(int(rows[0][0])) if rows else None

    async def keep(self, platform: str, moment: datetime) -> None:
        """Note when the last message was said; an earlier one changes nothing."""
        await self._store.write(
            lambda connection: connection.execute_fetchall(
                """INSERT INTO attendance (platform, until) VALUES (?, ?)
                   ON CONFLICT DO UPDATE SET until = max(until, excluded.until)""",
                [platform, micros(moment)],
            )
        )
