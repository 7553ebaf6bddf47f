"""The codes facet: one-time codes, by their digests: each is good once, and not for long."""

from __future__ import annotations

import hmac

from memory.access_records import Account, Code, Grant
from memory.postgres.connection import Connection
from memory.postgres.grants import put_grant
from memory.postgres.links import join_accounts
from memory.postgres.store import Store


class PostgresCodes:
    """Keeps codes until they are taken or have expired; see `memory.engine.CodeStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, code: Code, *, now: float) -> None:
        """Keep a code; what has expired by `now` is removed, and an older code for the same link."""
        await self._store.write(lambda connection: _keep(connection, code, now))

    async def find(self, digest: bytes, *, now: float) -> Code | None:
        """Return the code with this digest, if it is still good, and leave it good."""
        async with self._store.reading() as connection:
            found = await _find_matching(connection, digest, now)
        return found[1] if found else None

    async def list_digests(self, *, now: float) -> list[bytes]:
        """Return the digests of the codes that have not expired."""
        rows = await self._store.read("SELECT digest FROM codes WHERE expires_at > $1 ORDER BY id", now)
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

        async def write(connection: Connection) -> Code | None:
            taken = await _take(connection, digest, now)
            if taken is not None and grant is not None:
                await put_grant(connection, grant)
            if taken is not None and link is not None:
                await join_accounts(connection, *link)
            return taken

        return await self._store.write(write)


async def _keep(connection: Connection, code: Code, now: float) -> None:
    await connection.execute(
        "DELETE FROM codes WHERE expires_at <= $1 OR (role IS NULL AND platform = $2 AND external_id = $3)",
        now,
        code.platform,
        code.external_id,
    )
    await connection.execute(
        "INSERT INTO codes (digest, expires_at, role, platform, external_id) VALUES ($1, $2, $3, $4, $5)",
        code.digest,
        code.expires_at,
        code.role,
        code.platform,
        code.external_id,
    )


async def _take(connection: Connection, digest: bytes, now: float) -> Code | None:
    found = await _find_matching(connection, digest, now)
    if found is None:
        return None
    code_id, code = found
    # Of two takers at once, the second waits here and finds nothing to delete.
    taken = await connection.fetch_value("DELETE FROM codes WHERE id = $1 RETURNING id", code_id)
    return None if taken is None else code


async def _find_matching(connection: Connection, digest: bytes, now: float) -> tuple[int, Code] | None:
    """Compare with every code in constant time: how long it takes tells nothing about how near a guess came."""
    rows = await connection.fetch(
        "SELECT id, digest, expires_at, role, platform, external_id FROM codes WHERE expires_at > $1 ORDER BY id", now
    )
    matching = [row for row in rows if hmac.compare_digest(bytes(row[1]), digest)]
    return (int(matching[0][0]), Code(*tuple(matching[0])[1:])) if matching else None
