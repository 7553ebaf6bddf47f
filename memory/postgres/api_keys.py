"""The keys facet: the programs that may use the bot, by the digests of their keys."""

from __future__ import annotations

from memory.access_records import ApiKey, Grant
from memory.postgres.connection import Connection, Row
from memory.postgres.grants import put_grant
from memory.postgres.store import Store
from memory.timestamps import micros, moment

_COLUMNS = "id, name, digest, scope, created_at"
_DELETE_GRANT = "DELETE FROM grants WHERE platform = 'http' AND kind = 'person' AND external_id = $1"


class PostgresApiKeys:
    """Keeps a row for each key; see `memory.engine.KeyStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, key: ApiKey, grant: Grant) -> bool:
        """Keep a key, and what it may do, in one transaction; False when there is one of that name."""

        async def write(connection: Connection) -> bool:
            added = await connection.fetch_value(
                f"""INSERT INTO api_keys ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (name) DO NOTHING RETURNING id""",
                key.id,
                key.name,
                key.digest,
                key.scope,
                micros(key.created_at),
            )
            if added is not None:
                await put_grant(connection, grant)
            return added is not None

        return await self._store.write(write)

    async def find(self, digest: bytes) -> ApiKey | None:
        """Return the key with this digest.

        An index looks it up: what its timing tells is of a digest, from which nobody gets back to a key.
        """
        return _first(await self._store.read(f"SELECT {_COLUMNS} FROM api_keys WHERE digest = $1", digest))

    async def find_account(self, account_id: str) -> ApiKey | None:
        """Return the key whose account this is."""
        return _first(await self._store.read(f"SELECT {_COLUMNS} FROM api_keys WHERE id = $1", account_id))

    async def read_all(self) -> list[ApiKey]:
        """Return every key, by name."""
        return [_key(row) for row in await self._store.read(f"SELECT {_COLUMNS} FROM api_keys ORDER BY name")]

    async def revoke(self, name: str) -> bool:
        """Delete a key, and the grant of its account; what it stored stays. False when there is none of that name."""

        async def write(connection: Connection) -> bool:
            account = await connection.fetch_value("DELETE FROM api_keys WHERE name = $1 RETURNING id", name)
            await connection.execute(_DELETE_GRANT, account)
            return account is not None

        return await self._store.write(write)


def _first(rows: list[Row]) -> ApiKey | None:
    return _key(rows[0]) if rows else None


def _key(row: Row) -> ApiKey:
    account, name, digest, scope, created_at = row
    return ApiKey(account, name, bytes(digest), scope, moment(created_at))
