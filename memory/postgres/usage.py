"""The usage facet: how much each person has used of the bot today."""

from __future__ import annotations

from datetime import date

from memory.access_records import Account
from memory.postgres.connection import Connection
from memory.postgres.links import ACCOUNTS
from memory.postgres.store import Store

_SUM = f"""
SELECT coalesce(sum(count), 0)::bigint FROM usage JOIN ({ACCOUNTS}) AS linked USING (platform, external_id)
WHERE day = $3 AND what = $4
"""


class PostgresUsage:
    """Counts by day and account, and sums over linked accounts; see `memory.engine.UsageStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def count(self, account: Account, day: date, what: str) -> int:
        """Return the day's count."""
        ((count,),) = await self._store.read(_SUM, account.platform, account.id, day, what)
        return int(count)

    async def add(self, account: Account, day: date, what: str, *, limit: int | None = None) -> bool:
        """Count one more, unless that would go over the limit; say whether it was counted. Other days' counts go."""
        return await self._store.write(lambda connection: _add(connection, account, day, what, limit))


async def _add(connection: Connection, account: Account, day: date, what: str, limit: int | None) -> bool:
    # Processes that count for one person at once, under any of their accounts, do so one after another.
    await connection.execute(
        f"""SELECT pg_advisory_xact_lock(hashtextextended(
                (SELECT 'usage ' || platform || ' ' || external_id FROM ({ACCOUNTS}) AS a ORDER BY 1 LIMIT 1), 0))""",
        account.platform,
        account.id,
    )
    await connection.execute("DELETE FROM usage WHERE day < $1", day)
    if limit is not None and await connection.fetch_value(_SUM, account.platform, account.id, day, what) >= limit:
        return False
    await connection.execute(
        """INSERT INTO usage AS known (day, platform, external_id, what, count) VALUES ($1, $2, $3, $4, 1)
           ON CONFLICT (day, platform, external_id, what) DO UPDATE SET count = known.count + 1""",
        day,
        account.platform,
        account.id,
        what,
    )
    return True
