"""The codes facet: one-time codes, by their digests: each is good once, and not for long."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.access_records import Account, Code, Grant
from memory.sqlite.grants import put_grant
from memory.sqlite.links import join_accounts
from memory.sqlite.store import Store


class SqliteCodes:
    """Keeps codes until they are taken or have expired; see `memory.engine.CodeStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, code: Code, *, now: float) -> None:
        """Keep a code; what has expired by `now` is removed, and an older code for the same link."""
        await self._store.write(lambda connection: _keep(connection, code, now))

    async def find(self, digest: bytes, *, now: float) -> Code | None:
        """Return the code with this digest, if it is still good, and leave it good."""
        async with self._store.reading() as connection:
            found = await _matching(connection, digest, now)
        return found[1] if found else None

    async def list_digests(self, *, now: float) -> list[bytes]:
        """Return the digests of the codes that have not expired."""
        rows = await self._store.look_up("SELECT digest FROM codes WHERE expires_at > ?", [now])
        return [bytes(row[0]) for row in rows]

    async def take(
        self,
        digest: bytes,
        *,
        now: float,
        grant: Grant | None = None,
        link: tuple[Account, Account] | None = None,
    ) -> Code | None:
        """Delete the code and do what it brings, in one transaction."""

        async def write(connection: aiosqlite.Connection) -> Code | None:
            taken = await _take(connection, digest, now)
            if taken is not None and grant is not None:
                await put_grant(connection, grant)
            if taken is not None and link is not None:
                await join_accounts(connection, *link)
            return taken

        return await self._store.write(write)


async def _keep(connection: aiosqlite.Connection, code: Code, now: float) -> None:
    await connection.execute(
        "DELETE FROM codes WHERE expires_at <= ? OR (role IS NULL AND platform = ? AND external_id = ?)",
        [now, code.platform, code.external_id],
    )
    await connection.execute(
        "INSERT INTO codes (digest, expires_at, role, platform, external_id) VALUES (?, ?, ?, ?, ?)",
        [code.digest, code.expires_at, code.role, code.platform, code.external_id],
    )


async def _take(connection: aiosqlite.Connection, digest: bytes, now: float) -> Code | None:
    found = await _matching(connection, digest, now)
    if found is None:
        return None
    code_id, code = found
    await connection.execute("DELETE FROM codes WHERE id = ?", [code_id])
    return code


async def _matching(connection: aiosqlite.Connection, digest: bytes, now: float) -> tuple[int, Code] | None:
    """Compare with every code in constant time: how long it takes tells nothing about how near a guess came."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, digest, expires_at, role, platform, external_id FROM codes WHERE expires_at > ?", [now]
    )
    matching = [row for row in rows if hmac.compare_digest(row[1], digest)]
    return (int(matching[0][0]), Code(*matching[0][1:])) if matching else None
