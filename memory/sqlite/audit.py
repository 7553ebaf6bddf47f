"""The audit facet: who decided what, and when."""

from __future__ import annotations

import time

import aiosqlite

from memory.access_records import AuditEntry
from memory.search.segment import clean
from memory.sqlite.store import Store
from memory.timestamps import moment

_KEPT = 10_000


class SqliteAudit:
    """Keeps the latest ten thousand entries; see `memory.engine.AuditStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, actor: str, action: str, subject: str) -> None:
        """Add an entry, and drop those that are too many."""
        await self._store.write(lambda connection: _add(connection, actor, action, subject))

    async def read_latest(self, limit: int) -> list[AuditEntry]:
        """Return the latest entries, the latest first."""
        rows = await self._store.read("SELECT at, actor, action, subject FROM audit ORDER BY id DESC LIMIT ?", [limit])
        return [AuditEntry(moment(at), actor, action, subject) for at, actor, action, subject in rows]


async def _add(connection: aiosqlite.Connection, actor: str, action: str, subject: str) -> None:
    values = (time.time_ns() // 1000, clean(actor), action, clean(subject))
    await connection.execute("INSERT INTO audit (at, actor, action, subject) VALUES (?, ?, ?, ?)", values)
    await connection.execute("DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?", [_KEPT])
