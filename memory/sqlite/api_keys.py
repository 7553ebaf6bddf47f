"""The keys facet: the programs that may use the bot, by the digests of their keys."""

from __future__ import annotations

from typing import Any

import aiosqlite

from memory.access_records import ApiKey, Grant
from memory.sqlite.grants import put_grant
from memory.sqlite.store import Store
from memory.timestamps import micros, moment

_COLUMNS = "id, name, digest, scope, created_at"
_DELETE_GRANT = "DELETE FROM grants WHERE platform = 'http' AND kind = 'person' AND external_id = ?"


class SqliteApiKeys:
    """Keeps a row for each key; see `memory.engine.KeyStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, key: ApiKey, grant: Grant) -> bool:
        """Keep a key, and what it may do, in one transaction; False when there is one of that name."""

        async def write(connection: aiosqlite.Connection) -> bool:
            cursor = await connection.execute(
                f"INSERT INTO api_keys ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
                [key.id, key.name, key.digest, key.scope, micros(key.created_at)],
            )
            if cursor.rowcount:
                await put_grant(connection, grant)
            return cursor.rowcount > 0

        return await self._store.write(write)

    async def find(self, digest: bytes) -> ApiKey | None:
        """Return the key with this digest.

        An index looks it up: what its timing tells is of a digest, from which nobody gets back to a key.
        """
        return _first(await self._store.read(f"SELECT {_COLUMNS} FROM api_keys WHERE digest = ?", [digest]))

    async def find_account(self, account_id: str) -> ApiKey | None:
        """Return the key whose account this is."""
        return _first(await self._store.read(f"SELECT {_COLUMNS} FROM api_keys WHERE id = ?", [account_id]))

    async def read_all(self) -> list[ApiKey]:
        """Return every key, by name."""
        rows = await self._store.read(f"SELECT {_COLUMNS} FROM api_keys ORDER BY name")
        return [_key(row) for row in rows]

    async def revoke(self, name: str) -> bool:
        """Delete a key, and the grant of its account; what it stored stays. False when there is none of that name."""

        async def write(connection: aiosqlite.Connection) -> bool:
            rows: list[Any] = list(
                await connection.execute_fetchall("DELETE FROM api_keys WHERE name = ? RETURNING id", [name])
            )
            for row in rows:
                await connection.execute(_DELETE_GRANT, [row[0]])
            return bool(rows)

        return await self._store.write(write)


def _first(rows: list[tuple[Any, ...]]) -> ApiKey | None:
    return _key(rows[0]) if rows else None


def _key(row: tuple[Any, ...]) -> ApiKey:
    account, name, digest, scope, created_at = row
    return ApiKey(account, name, digest, scope, moment(created_at))
