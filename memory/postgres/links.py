"""The links facet: accounts on several platforms that are known to be one person's."""

from __future__ import annotations

from memory.access_records import Account
from memory.postgres.connection import Connection
from memory.postgres.store import Store

ACCOUNTS = """
SELECT $1::text COLLATE "C" AS platform, $2::text COLLATE "C" AS external_id
UNION SELECT other.platform, other.external_id FROM links AS own JOIN links AS other USING (identity)
WHERE own.platform = $1 AND own.external_id = $2
"""
"""Selects the accounts linked with the account ($1, $2), itself among them."""


class PostgresLinks:
    """Links accounts by an identity that they share; see `memory.engine.LinkStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find_linked(self, account: Account) -> list[Account]:
        """Return the accounts linked with this one, itself among them."""
        rows = await self._store.read(f"{ACCOUNTS} ORDER BY 1, 2", account.platform, account.id)
        return [Account(*row) for row in rows]

    async def find_people(self, account: Account) -> list[int]:
        """Return the ids of the people whom the memory knows by these accounts."""
        rows = await self._store.read(
            f"SELECT id FROM people JOIN ({ACCOUNTS}) AS linked USING (platform, external_id) ORDER BY id",
            account.platform,
            account.id,
        )
        return [int(row[0]) for row in rows]

    async def find_account(self, person_id: int) -> Account | None:
        """Return the account of somebody the memory knows."""
        rows = await self._store.read("SELECT platform, external_id FROM people WHERE id = $1", person_id)
        return Account(*rows[0]) if rows else None

    async def unlink(self, account: Account) -> bool:
        """Take an account out of its links; False when it has none. A link of one is none."""
        return await self._store.write(lambda connection: _unlink(connection, account))


async def join_accounts(connection: Connection, one: Account, other: Account) -> None:
    """Link two accounts, and with them all that each is linked with. Run in a transaction."""
    await _lock_links(connection)
    rows = await connection.fetch(
        """SELECT DISTINCT identity FROM links WHERE (platform, external_id) IN (($1, $2), ($3, $4))
           ORDER BY identity""",
        one.platform,
        one.id,
        other.platform,
        other.id,
    )
    known = [int(row[0]) for row in rows]
    identity = known[0] if known else await connection.fetch_value("SELECT nextval('link_identities')")
    await connection.execute("UPDATE links SET identity = $1 WHERE identity = ANY($2::bigint[])", identity, known)
    await connection.execute_many(
        "INSERT INTO links (platform, external_id, identity) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [(each.platform, each.id, identity) for each in (one, other)],
    )


async def _unlink(connection: Connection, account: Account) -> bool:
    await _lock_links(connection)
    identity = await connection.fetch_value(
        "DELETE FROM links WHERE platform = $1 AND external_id = $2 RETURNING identity", account.platform, account.id
    )
    await connection.execute(
        "DELETE FROM links WHERE identity = $1 AND (SELECT count(*) FROM links WHERE identity = $1) = 1", identity
    )
    return identity is not None


async def _lock_links(connection: Connection) -> None:
    """Let links change in one process at a time: a join reads what another is just writing."""
    await connection.execute("LOCK TABLE links IN SHARE ROW EXCLUSIVE MODE")
