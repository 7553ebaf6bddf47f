"""Up to when each platform was listened to, and where: what was said there later can be asked for at the next start."""

from __future__ import annotations

from datetime import datetime

from memory.records import Conversation
from memory.sqlite.rows import micros, moment
from memory.sqlite.store import Store


class Attendance:
    """Keeps the time of the last message that was heard on a platform, whether or not it was stored."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def until(self, platform: str) -> datetime | None:
        """Return when the last message was said that was heard; None where none ever was."""
        rows = await self._store.read("SELECT until FROM attendance WHERE platform = ?", [platform])
        return moment(int(rows[0][0])) if rows else None

    async def keep(self, platform: str, until: datetime) -> None:
        """Note when the last message was said; an earlier one changes nothing."""
        await self._store.write(
            lambda connection: connection.execute_fetchall(
                """INSERT INTO attendance (platform, until) VALUES (?, ?)
                   ON CONFLICT DO UPDATE SET until = max(until, excluded.until)""",
                [platform, micros(until)],
            )
        )

    async def places(self, platform: str, *, limit: int) -> list[Conversation]:
        """Return the chats of a platform that were heard of last, the latest first; imports are none."""
        rows = await self._store.read(
            """SELECT id, platform, external_id, title, kind, owner_id, audience FROM conversations AS c
               WHERE platform = ? AND (owner_id IS NULL) = (kind = 'group')
               ORDER BY (SELECT max(said_at) FROM passages WHERE conversation_id = c.id) DESC LIMIT ?""",
            [platform, limit],
        )
        return [Conversation(*row) for row in rows]
