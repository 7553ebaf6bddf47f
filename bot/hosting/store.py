"""A plugin's own storage: small JSON values by key, for a conversation, for a person, or for the plugin as a whole."""

from __future__ import annotations

import json

from pydantic import JsonValue

from bot.errors import NOT_KEPT, CommandError, PluginError
from memory.errors import ValueRefused
from memory.sqlite.plugin_values import PluginValues, Space


class Values:
    """Values that a plugin keeps in one place; no other plugin, and no other place, sees them.

    Where nothing may be kept (`keeps` is false) they can be read and deleted, but not set.
    """

    def __init__(self, values: PluginValues, space: Space, *, keeps: bool = True) -> None:
        self._values = values
        self._space = space
        self._keeps = keeps

    async def get(self, key: str, default: JsonValue = None) -> JsonValue:
        """Return a value as it was set, or `default` where there is none."""
        found = await self._values.get(self._space, key)
        if found is None:
            return default
        value: JsonValue = json.loads(found)
        return value

    async def set(self, key: str, value: JsonValue) -> None:
        """Keep a value; it is committed when this returns.

        Raises CommandError where nothing may be kept, and PluginError for what is no JSON or too large.
        """
        if not self._keeps:
            raise CommandError(NOT_KEPT)
        try:
            await self._values.put(self._space, key, json.dumps(value, ensure_ascii=False, allow_nan=False))
        except (TypeError, ValueError) as error:
            raise PluginError(f"{self._space.plugin} can't keep {key}: it can't be written as JSON: {error}") from error
        except ValueRefused as error:
            raise PluginError(f"{self._space.plugin} can't keep {key!r:.60}: {error}") from error

    async def delete(self, key: str) -> bool:
        """Delete a value; False when there was none."""
        return await self._values.delete(self._space, key)

    async def items(self, prefix: str = "") -> dict[str, JsonValue]:
        """Return the values whose keys begin with `prefix`, in the order of the keys."""
        found = await self._values.items(self._space, prefix)
        return {key: json.loads(value) for key, value in found.items()}


class PluginStore:
    """What a plugin keeps, as one message's handler may see it.

    `here` belongs to the conversation and is forgotten with it; `mine` to the person, in all their conversations and
    under all their linked accounts; `everywhere` to the plugin.
    """

    def __init__(
        self, values: PluginValues, plugin: str, *, conversation_id: int, people: tuple[int, ...], keeps: bool
    ) -> None:
        self.here = Values(values, Space(plugin, conversation_id=conversation_id), keeps=keeps)
        self.mine = Values(values, Space(plugin, people=people), keeps=keeps)
        self.everywhere = Values(values, Space(plugin), keeps=keeps)
