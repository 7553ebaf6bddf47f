"""The grants facet: who may talk to the bot, as its owners have decided in chats or on the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence

import aiosqlite

from memory.access_records import Grant, GrantKind
from memory.sqlite.store import Store

_COLUMNS = "platform, kind, external_id, role, name"


class SqliteGrants:
    """Keeps decisions; see `memory.engine.GrantStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, platform: str, subjects: Sequence[tuple[GrantKind, str]]) -> list[Grant]:
        """Return the decisions about these subjects, each (kind, id) on one platform."""
        rows = await self._store.read(
            f"""SELECT {_COLUMNS} FROM grants WHERE platform = ?
                AND (kind, external_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))""",
            [platform, json.dumps(subjects)],
        )
        return [Grant(*row) for row in rows]

    async def read_all(self) -> list[Grant]:
        """Return every decision, by platform, kind and name."""
        rows = await self._store.read(f"SELECT {_COLUMNS} FROM grants ORDER BY platform, kind, name, external_id")
        return [Grant(*row) for row in rows]

    async def find_people(self, name: str) -> list[Grant]:
        """Return the people whom the memory knows by this name, case ignored, as guests: nothing is decided of them."""
        rows = await self._store.read("SELECT platform, external_id, name FROM people WHERE same(name, ?)", [name])
        return [Grant(platform, "person", external_id, "guest", known) for platform, external_id, known in rows]

    async def keep(self, grant: Grant) -> None:
        """Decide about a subject; an earlier decision about it is replaced."""
        await self._store.write(lambda connection: put_grant(connection, grant))


async def put_grant(connection: aiosqlite.Connection, grant: Grant) -> None:
    """Write a decision. Its name is kept from before where it comes without. Run in a transaction."""
    await connection.execute(
        f"""INSERT INTO grants ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET role = excluded.role, name = iif(excluded.name = '', name, excluded.name)""",
        [grant.platform, grant.kind, grant.external_id, grant.role, grant.name],
    )
