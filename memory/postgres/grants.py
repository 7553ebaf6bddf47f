"""The grants facet: who may talk to the bot, as its owners have decided in chats or on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from memory.access_records import Grant, GrantKind
from memory.postgres.connection import Connection
from memory.postgres.store import Store

_COLUMNS = "platform, kind, external_id, role, name"


class PostgresGrants:
    """Keeps decisions; see `memory.engine.GrantStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, platform: str, subjects: Sequence[tuple[GrantKind, str]]) -> list[Grant]:
        """Return the decisions about these subjects, each (kind, id) on one platform."""
        rows = await self._store.read(
            f"""SELECT {_COLUMNS} FROM grants WHERE platform = $1
                AND (kind, external_id) IN (SELECT * FROM unnest($2::text[], $3::text[]))
                ORDER BY kind, external_id""",
            platform,
            [kind for kind, _ in subjects],
            [external_id for _, external_id in subjects],
        )
        return [Grant(*row) for row in rows]

    async def read_all(self) -> list[Grant]:
        """Return every decision, by platform, kind and name."""
        rows = await self._store.read(f"SELECT {_COLUMNS} FROM grants ORDER BY platform, kind, name, external_id")
        return [Grant(*row) for row in rows]

    async def find_people(self, name: str) -> list[Grant]:
        """Return the people whom the memory knows by this name, case ignored, as guests: nothing is decided of them."""
        rows = await self._store.read(
            "SELECT platform, external_id, name FROM people WHERE folded(name) = folded($1) ORDER BY id", name
        )
        return [Grant(platform, "person", external_id, "guest", known) for platform, external_id, known in rows]

    async def keep(self, grant: Grant) -> None:
        """Decide about a subject; an earlier decision about it is replaced."""
        await self._store.write(lambda connection: put_grant(connection, grant))


async def put_grant(connection: Connection, grant: Grant) -> None:
    """Write a decision. Its name is kept from before where it comes without. Run in a transaction."""
    await connection.execute(
        f"""INSERT INTO grants AS known ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (platform, kind, external_id)
            DO UPDATE SET role = excluded.role, name = coalesce(nullif(excluded.name, ''), known.name)""",
        grant.platform,
        grant.kind,
        grant.external_id,
        grant.role,
        grant.name,
    )
