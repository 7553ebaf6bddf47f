"""The facet of what owners have decided about plugins, in chats or on the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping

import aiosqlite

from memory.plugin_records import PluginState
from memory.sqlite.store import Store


class SqlitePluginStates:
    """Keeps a row for each plugin that something was decided about; see `memory.engine.PluginStateStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read_all(self) -> dict[str, PluginState]:
        """Return every decision by the plugin's name."""
        rows = await self._store.read("SELECT name, enabled, digest, settings, reason FROM plugin_states ORDER BY name")
        return {name: _state(name, *rest) for name, *rest in rows}

    async def find(self, name: str) -> PluginState:
        """Return what was decided about a plugin; a state that decides nothing where nobody has."""
        rows = await self._store.read(
            "SELECT name, enabled, digest, settings, reason FROM plugin_states WHERE name = ?", [name]
        )
        return _state(*rows[0]) if rows else PluginState(name)

    async def switch(self, name: str, *, enabled: bool, digest: str | None = None, reason: str | None = None) -> None:
        """Switch a plugin on or off; the digest and the reason of an earlier decision go, its settings stay."""

        async def put(connection: aiosqlite.Connection) -> None:
            await connection.execute(
                """INSERT INTO plugin_states (name, enabled, digest, reason) VALUES (?, ?, ?, ?)
                   ON CONFLICT DO UPDATE SET enabled = excluded.enabled, digest = excluded.digest,
                                             reason = excluded.reason""",
                [name, int(enabled), digest, reason],
            )

        await self._store.write(put)

    async def set(self, name: str, settings: Mapping[str, object]) -> None:
        """Replace what was set for a plugin; it must be writable as JSON."""

        async def put(connection: aiosqlite.Connection) -> None:
            await connection.execute(
                """INSERT INTO plugin_states (name, settings) VALUES (?, ?)
                   ON CONFLICT DO UPDATE SET settings = excluded.settings""",
                [name, json.dumps(settings)],
            )

        await self._store.write(put)


def _state(name: str, enabled: int | None, digest: str | None, settings: str, reason: str | None) -> PluginState:
    return PluginState(name, None if enabled is None else bool(enabled), digest, json.loads(settings), reason)
