"""What this process works on in one table: rows that are signed with its number, and stay so when that changes."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from typing import Literal

from memory.postgres.connection import Connection
from memory.postgres.presence import Presence
from memory.postgres.store import Store

Table = Literal["inbox", "outbox", "jobs"]

_KEYS: dict[Table, str] = {"inbox": "passage_id", "outbox": "id", "jobs": "id"}


class ClaimedRows:
    """The ids of the rows of a table that this process works on."""

    def __init__(self, store: Store, presence: Presence, table: Table) -> None:
        self._store = store
        self._presence = presence
        self._sign = f"""UPDATE {table} SET claimed_by = $2 WHERE claimed_by = ANY($1::integer[])
                         AND {_KEYS[table]} = ANY($3::bigint[]) RETURNING {_KEYS[table]}"""
        self._ids: dict[int, int] = {}
        self._serials = itertools.count()
        presence.on_return(self._bring)

    def __contains__(self, row_id: int) -> bool:
        return row_id in self._ids

    async def hold(self, row_ids: Iterable[int], signed: int) -> set[int]:
        """Note that this process works on rows that were signed with this number; return those that are new to it.

        The number may have been given up before it was known that the rows are there. They are signed with the present
        one then, unless somebody has claimed them meanwhile, which may be this process itself. Raises StorageError
        when that can't be found out; they are left to be claimed.
        """
        found = set(row_ids)
        with self._presence.doubting():
            while found and signed != (number := self._presence.number):
                found = await self._resign([signed], number, found)
                signed = number
        new = found - self._ids.keys()
        self._ids |= {row_id: next(self._serials) for row_id in sorted(new)}
        return new

    def before(self, row_id: int) -> list[int]:
        """Return the rows that this process has begun to hold before another one; all where it does not hold that."""
        serial = self._ids.get(row_id)
        return [each for each, taken in self._ids.items() if serial is None or taken < serial]

    def drop(self, row_id: int) -> None:
        """Note that this process has done with a row."""
        self._ids.pop(row_id, None)

    async def _bring(self, old: Collection[int], new: int) -> None:
        await self._resign(old, new, list(self._ids))

    async def _resign(self, old: Collection[int], new: int, row_ids: Collection[int]) -> set[int]:
        values = (list(old), new, list(row_ids))

        async def write(connection: Connection) -> set[int]:
            return {int(row[0]) for row in await connection.fetch(self._sign, *values)}

        return await self._store.write(write) if row_ids else set()
