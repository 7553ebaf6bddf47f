"""The facet of what plugins keep: small JSON texts by key, walled off by plugin, conversation and person."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

import aiosqlite

from memory.errors import ValueRefused
from memory.plugin_records import MAX_KEYS, PluginSpace, refuse_oversized
from memory.sqlite import provenance
from memory.sqlite.store import Store

# As the index has it: no row has the id 0, which stands for none.
_INSIDE = """
plugin = ?1 AND ifnull(conversation_id, 0) = ?2 AND ifnull(person_id, 0) IN (SELECT value FROM json_each(?3))
"""


class SqlitePluginValues:
    """Keeps values as rows; see `memory.engine.PluginValueStore`.

    What belongs to a conversation or a person is deleted with them. Raises ValueRefused for what is too large.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, space: PluginSpace, key: str) -> str | None:
        """Return a value."""
        rows = await self._store.read(
            f"SELECT value FROM plugin_values WHERE {_INSIDE} AND key = ?4 ORDER BY person_id IS ?5 DESC, id DESC",
            [*_values(space), key, _home(space)],
        )
        return str(rows[0][0]) if rows else None

    async def items(self, space: PluginSpace, prefix: str = "") -> dict[str, str]:
        """Return the values whose keys begin with `prefix`, by key in order."""
        rows = await self._store.read(
            f"""SELECT key, value FROM plugin_values WHERE {_INSIDE} AND substr(key, 1, length(?4)) = ?4
                ORDER BY key, person_id IS ?5, id""",
            [*_values(space), prefix, _home(space)],
        )
        return dict(rows)

    async def find_sources(self, space: PluginSpace, prefix: str) -> frozenset[int]:
        """Return what values were made from."""
        rows = await self._store.read(
            f"""SELECT DISTINCT source_id FROM plugin_values JOIN provenance ON value_id = id
                WHERE {_INSIDE} AND substr(key, 1, length(?4)) = ?4""",
            [*_values(space), prefix],
        )
        return frozenset(int(row[0]) for row in rows)

    async def put(self, space: PluginSpace, key: str, value: str, drawn_from: Collection[int] = ()) -> None:
        """Keep a value, with what it was made from, in place of the one that was there."""
        refuse_oversized(key, value)
        await self._store.write(lambda connection: _put(connection, space, key, value, drawn_from))

    async def delete(self, space: PluginSpace, key: str) -> bool:
        """Delete a value; False when there was none."""
        return await self._store.write(lambda connection: _delete(connection, space, key))


async def _put(
    connection: aiosqlite.Connection, space: PluginSpace, key: str, value: str, drawn_from: Collection[int]
) -> None:
    if not await _delete(connection, space, key):
        rows: Iterable[Any] = await connection.execute_fetchall(
            f"SELECT count(*) FROM plugin_values WHERE {_INSIDE}", _values(space)
        )
        if next(int(row[0]) for row in rows) >= MAX_KEYS:
            raise ValueRefused(f"the plugin {space.plugin} keeps {MAX_KEYS} values here already; delete some of them")
    rows = await connection.execute_fetchall(
        """INSERT INTO plugin_values (plugin, conversation_id, person_id, key, value) VALUES (?, ?, ?, ?, ?)
           RETURNING id""",
        [space.plugin, space.conversation_id, _home(space), key, value],
    )
    await provenance.bind(connection, "value_id", next(int(row[0]) for row in rows), drawn_from)


async def _delete(connection: aiosqlite.Connection, space: PluginSpace, key: str) -> bool:
    rows = await connection.execute_fetchall(
        f"DELETE FROM plugin_values WHERE {_INSIDE} AND key = ?4 RETURNING id", [*_values(space), key]
    )
    return len(list(rows)) > 0


def _values(space: PluginSpace) -> list[object]:
    people = [_index_id(person) for person in space.people or (None,)]
    return [space.plugin, _index_id(space.conversation_id), json.dumps(people)]


def _index_id(row_id: int | None) -> int:
    """Return what the index holds for an id; the 0 of an unknown person must not find what is of nobody."""
    return 0 if row_id is None else row_id or -1


def _home(space: PluginSpace) -> int | None:
    return space.people[0] if space.people else None
