"""The audit facet: who decided what, and when."""

from __future__ import annotations

import time

from memory.access_records import AuditEntry
from memory.postgres.connection import Connection
from memory.postgres.store import Store
from memory.search.segment import clean
from memory.timestamps import moment

_KEPT = 10_000


class PostgresAudit:
    """Keeps the latest ten thousand entries; see `memory.engine.AuditStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, actor: str, action: str, subject: str) -> None:
        """Add an entry, and drop those that are too many."""
        await self._store.write(lambda connection: _add(connection, actor, action, subject))

    async def read_latest(self, limit: int) -> list[AuditEntry]:
        """Return the latest entries, the latest first."""
        rows = await self._store.read("SELECT at, actor, action, subject FROM audit ORDER BY id DESC LIMIT $1", limit)
        return [AuditEntry(moment(at), actor, action, subject) for at, actor, action, subject in rows]


async def _add(connection: Connection, actor: str, action: str, subject: str) -> None:
    number = await connection.fetch_value(
        "INSERT INTO audit (at, actor, action, subject) VALUES ($1, $2, $3, $4) RETURNING id",
        time.time_ns() // 1000,
        clean(actor),
        action,
        clean(subject),
    )
    await connection.execute("DELETE FROM audit WHERE id <= $1", number - _KEPT)
