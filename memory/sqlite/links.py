"""The links facet: accounts on several platforms that are known to be one person's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.access_records import Account
from memory.sqlite.store import Store

ACCOUNTS = """
SELECT ?1 AS platform, ?2 AS external_id
UNION SELECT other.platform, other.external_id FROM links AS own JOIN links AS other USING (identity)
WHERE own.platform = ?1 AND own.external_id = ?2
"""
"""Selects the accounts linked with the account (?1, ?2), itself among them."""


class SqliteLinks:
    """Links accounts by an identity that they share; see `memory.engine.LinkStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find_linked(self, account: Account) -> list[Account]:
        """Return the accounts linked with this one, itself among them."""
        rows = await self._store.read(f"{ACCOUNTS} ORDER BY 1, 2", [account.platform, account.id])
        return [Account(*row) for row in rows]

    async def find_people(self, account: Account) -> list[int]:
        """Return the ids of the people whom the memory knows by these accounts."""
        rows = await self._store.read(
            f"SELECT id FROM people JOIN ({ACCOUNTS}) USING (platform, external_id)", [account.platform, account.id]
        )
        return [int(row[0]) for row in rows]

    async def find_account(self, person_id: int) -> Account | None:
        """Return the account of somebody the memory knows."""
        rows = await self._store.read("SELECT platform, external_id FROM people WHERE id = ?", [person_id])
        return Account(*rows[0]) if rows else None

    async def unlink(self, account: Account) -> bool:
        """Take an account out of its links; False when it has none. A link of one is none."""
        return await self._store.write(lambda connection: _unlink(connection, account))


async def join_accounts(connection: aiosqlite.Connection, one: Account, other: Account) -> None:
    """Link two accounts, and with them all that each is linked with. Run in a transaction."""
    both = [one.platform, one.id, other.platform, other.id]
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT identity FROM links WHERE (platform, external_id) IN ((?, ?), (?, ?)) ORDER BY identity", both
    )
    known = [int(row[0]) for row in rows]
    identity = known[0] if known else await _new_identity(connection)
    await connection.execute(
        "UPDATE links SET identity = ? WHERE identity IN (SELECT value FROM json_each(?))",
        [identity, json.dumps(known)],
    )
    await connection.executemany(
        "INSERT OR IGNORE INTO links (platform, external_id, identity) VALUES (?, ?, ?)",
        [(each.platform, each.id, identity) for each in (one, other)],
    )


async def _new_identity(connection: aiosqlite.Connection) -> int:
    rows: Iterable[Any] = await connection.execute_fetchall("SELECT coalesce(max(identity), 0) + 1 FROM links")
    return next(int(row[0]) for row in rows)


async def _unlink(connection: aiosqlite.Connection, account: Account) -> bool:
    rows: Iterable[Any] = await connection.execute_fetchall(
        "DELETE FROM links WHERE platform = ? AND external_id = ? RETURNING identity", [account.platform, account.id]
    )
    left = [int(row[0]) for row in rows]
    await connection.executemany(
        "DELETE FROM links WHERE identity = ?1 AND (SELECT count(*) FROM links WHERE identity = ?1) = 1",
        [(identity,) for identity in left],
    )
    return bool(left)
