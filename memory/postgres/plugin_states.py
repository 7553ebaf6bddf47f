"""The facet of what owners have decided about plugins, in chats or on the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping

from memory.plugin_records import PluginState
from memory.postgres.connection import Row
from memory.postgres.store import Store

_COLUMNS = "name, enabled, digest, settings, reason"


class PostgresPluginStates:
    """Keeps a row for each plugin that something was decided about; see `memory.engine.PluginStateStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read_all(self) -> dict[str, PluginState]:
        """Return every decision by the plugin's name."""
        rows = await self._store.read(f"SELECT {_COLUMNS} FROM plugin_states ORDER BY name")
        return {str(row[0]): _state(row) for row in rows}

    async def find(self, name: str) -> PluginState:
        """Return what was decided about a plugin; a state that decides nothing where nobody has."""
        rows = await self._store.read(f"SELECT {_COLUMNS} FROM plugin_states WHERE name = $1", name)
        return _state(rows[0]) if rows else PluginState(name)

    async def switch(self, name: str, *, enabled: bool, digest: str | None = None, reason: str | None = None) -> None:
        """Switch a plugin on or off; the digest and the reason of an earlier decision go, its settings stay."""
        await self._store.write(
            lambda connection: connection.execute(
                """INSERT INTO plugin_states (name, enabled, digest, reason) VALUES ($1, $2, $3, $4)
               ON CONFLICT (name) DO UPDATE SET enabled = excluded.enabled, digest = excluded.digest,
                                                reason = excluded.reason""",
                name,
                enabled,
                digest,
                reason,
            )
        )

    async def set(self, name: str, settings: Mapping[str, object]) -> None:
        """Replace what was set for a plugin; it must be writable as JSON."""
        await self._store.write(
            lambda connection: connection.execute(
                """INSERT INTO plugin_states (name, settings) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET settings = excluded.settings""",
                name,
                json.dumps(settings),
            )
        )


def _state(row: Row) -> PluginState:
    name, enabled, digest, settings, reason = row
    return PluginState(name, enabled, digest, json.loads(settings), reason)
