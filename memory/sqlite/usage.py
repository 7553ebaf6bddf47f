"""The usage facet: how much each person has used of the bot today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import aiosqlite

from memory.access_records import Account
from memory.sqlite.links import ACCOUNTS
from memory.sqlite.store import Store

_SUM = f"""
SELECT coalesce(sum(count), 0) FROM usage JOIN ({ACCOUNTS}) USING (platform, external_id) WHERE day = ?3 AND what = ?4
"""


class SqliteUsage:
    """Counts by day and account, and sums over linked accounts; see `memory.engine.UsageStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def count(self, account: Account, day: date, what: str) -> int:
        """Return the day's count."""
        ((count,),) = await self._store.read(_SUM, [account.platform, account.id, day.isoformat(), what])
        return int(count)

    async def add(self, account: Account, day: date, what: str, *, limit: int | None = None) -> bool:
        """Count one more, unless that would go over the limit; say whether it was counted. Other days' counts go."""
        return await self._store.write(lambda connection: _add(connection, account, day.isoformat(), what, limit))


async def _add(connection: aiosqlite.Connection, account: Account, day: str, what: str, limit: int | None) -> bool:
    await connection.execute("DELETE FROM usage WHERE day < ?", [day])
    if limit is not None:
        rows: Iterable[Any] = await connection.execute_fetchall(_SUM, [account.platform, account.id, day, what])
        if next(int(row[0]) for row in rows) >= limit:
            return False
    await connection.execute(
        "INSERT INTO usage VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
        [day, account.platform, account.id, what],
    )
    return True
