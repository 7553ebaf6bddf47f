"""The facet of what plugins keep: small JSON texts by key, walled off by plugin, conversation and person."""

from __future__ import annotations

from collections.abc import Collection

from memory.errors import ValueRefused
from memory.plugin_records import MAX_KEYS, PluginSpace, refuse_oversized
from memory.postgres import provenance
from memory.postgres.connection import Connection
from memory.postgres.locks import share_memory
from memory.postgres.store import Store

_INSIDE = """
plugin = $1 AND conversation_id IS NOT DISTINCT FROM $2
AND (CASE WHEN $3::bigint[] = '{}' THEN person_id IS NULL ELSE person_id = ANY($3::bigint[]) END)
"""


class PostgresPluginValues:
    """Keeps values as rows; see `memory.engine.PluginValueStore`.

    What belongs to a conversation or a person is deleted with them. Raises ValueRefused for what is too large.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, space: PluginSpace, key: str) -> str | None:
        """Return a value."""
        rows = await self._store.read(
            f"""SELECT value FROM plugin_values WHERE {_INSIDE} AND key = $4
                ORDER BY person_id IS NOT DISTINCT FROM $5 DESC, id DESC LIMIT 1""",
            *_values(space),
            key,
            _home(space),
        )
        return str(rows[0][0]) if rows else None

    async def items(self, space: PluginSpace, prefix: str = "") -> dict[str, str]:
        """Return the values whose keys begin with `prefix`, by key in order."""
        rows = await self._store.read(
            f"""SELECT key, value FROM plugin_values WHERE {_INSIDE} AND starts_with(key, $4)
                ORDER BY key, person_id IS NOT DISTINCT FROM $5, id""",
            *_values(space),
            prefix,
            _home(space),
        )
        return {str(key): str(value) for key, value in rows}

    async def find_sources(self, space: PluginSpace, prefix: str) -> frozenset[int]:
        """Return what values were made from."""
        rows = await self._store.read(
            f"""SELECT DISTINCT source_id FROM plugin_values JOIN provenance ON value_id = id
                WHERE {_INSIDE} AND starts_with(key, $4)""",
            *_values(space),
            prefix,
        )
        return frozenset(int(row[0]) for row in rows)

    async def put(self, space: PluginSpace, key: str, value: str, drawn_from: Collection[int] = ()) -> None:
        """Keep a value, with what it was made from, in place of the one that was there."""
        refuse_oversized(key, value)
        await self._store.write(lambda connection: _put(connection, space, key, value, drawn_from))

    async def delete(self, space: PluginSpace, key: str) -> bool:
        """Delete a value; False when there was none."""
        return await self._store.write(lambda connection: _delete(connection, space, key))


async def _put(connection: Connection, space: PluginSpace, key: str, value: str, drawn_from: Collection[int]) -> None:
    await share_memory(connection)
    # Two processes that put into one space at once do so one after another, so that neither is refused.
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))",
        f"{space.plugin} {space.conversation_id} {space.people}",
    )
    if not await _delete(connection, space, key):
        count = await connection.fetch_value(f"SELECT count(*) FROM plugin_values WHERE {_INSIDE}", *_values(space))
        if count >= MAX_KEYS:
            raise ValueRefused(f"the plugin {space.plugin} keeps {MAX_KEYS} values here already; delete some of them")
    number = await connection.fetch_value(
        """INSERT INTO plugin_values (plugin, conversation_id, person_id, key, value) VALUES ($1, $2, $3, $4, $5)
           RETURNING id""",
        space.plugin,
        space.conversation_id,
        _home(space),
        key,
        value,
    )
    await provenance.bind(connection, "value_id", int(number), drawn_from)


async def _delete(connection: Connection, space: PluginSpace, key: str) -> bool:
    return await connection.execute(f"DELETE FROM plugin_values WHERE {_INSIDE} AND key = $4", *_values(space), key) > 0


def _values(space: PluginSpace) -> tuple[str, int | None, list[int]]:
    return space.plugin, space.conversation_id, list(space.people)


def _home(space: PluginSpace) -> int | None:
    return space.people[0] if space.people else None
