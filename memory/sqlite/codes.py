"""One-time codes, by their digests: each is good once, and not for long."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import aiosqlite

from memory.access_records import Code
from memory.sqlite.store import Store

Use = Callable[[aiosqlite.Connection, Code], Awaitable[None]]
"""What a code brings about, in the transaction that takes it."""


class Codes:
    """Keeps codes until they are taken or have expired."""

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

    async def take(self, digest: bytes, *, now: float, use: Use | None = None) -> Code | None:
        """Return the code with this digest, if it is still good, and make it good for nothing.

        `use` is run in the same transaction, so that of two takers, in two processes, one gets it and what it brings.
        """
        return await self._store.write(lambda connection: _take(connection, digest, now, use))


async def _keep(connection: aiosqlite.Connection, code: Code, now: float) -> None:
    await connection.execute(
        "DELETE FROM codes WHERE expires_at <= ? OR (role IS NULL AND platform = ? AND external_id = ?)",
        [now, code.platform, code.external_id],
    )
    await connection.execute(
        "INSERT INTO codes (digest, expires_at, role, platform, external_id) VALUES (?, ?, ?, ?, ?)",
        [code.digest, code.expires_at, code.role, code.platform, code.external_id],
    )


async def _take(connection: aiosqlite.Connection, digest: bytes, now: float, use: Use | None) -> Code | None:
    found = await _matching(connection, digest, now)
    if found is None:
        return None
    code_id, code = found
    await connection.execute("DELETE FROM codes WHERE id = ?", [code_id])
    if use is not None:
        await use(connection, code)
    return code


async def _matching(connection: aiosqlite.Connection, digest: bytes, now: float) -> tuple[int, Code] | None:
    """Compare with every code in constant time: how long it takes tells nothing about how near a guess came."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, digest, expires_at, role, platform, external_id FROM codes WHERE expires_at > ?", [now]
    )
    matching = [row for row in rows if hmac.compare_digest(row[1], digest)]
    return (int(matching[0][0]), Code(*matching[0][1:])) if matching else None
