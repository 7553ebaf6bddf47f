"""What plugins keep, and what owners have decided about plugins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from memory.plugin_records import PluginSpace, PluginState


class PluginStateStore(Protocol):
    """What owners have decided about plugins; every read sees what any process has committed."""

    async def read_all(self) -> dict[str, PluginState]:
        """Return every decision by the plugin's name."""

    async def find(self, name: str) -> PluginState:
        """Return what was decided about a plugin; a state that decides nothing where nobody has."""

    async def switch(self, name: str, *, enabled: bool, digest: str | None = None, reason: str | None = None) -> None:
        """Switch a plugin on or off; the digest and the reason of an earlier decision go, its settings stay."""

    async def set(self, name: str, settings: Mapping[str, object]) -> None:
        """Replace what was set for a plugin; it must be writable as JSON."""


class PluginValueStore(Protocol):
    """Small JSON texts by key, walled off by plugin, and by conversation or person.

    What belongs to a conversation or a person is deleted with them. Raises ValueRefused for what is too large.
    """

    async def get(self, space: PluginSpace, key: str) -> str | None:
        """Return a value."""

    async def items(self, space: PluginSpace, prefix: str = "") -> dict[str, str]:
        """Return the values whose keys begin with `prefix`, by key in order."""

    async def find_sources(self, space: PluginSpace, prefix: str) -> frozenset[int]:
        """Return the passages that the values whose keys begin with `prefix` were made from."""

    async def put(self, space: PluginSpace, key: str, value: str, drawn_from: Collection[int] = ()) -> None:
        """Keep a value, in place of the one that was there.

        It is forgotten with any of the passages in `drawn_from`. Raises SourceForgotten when one is gone by now.
        """

    async def delete(self, space: PluginSpace, key: str) -> bool:
        """Delete a value; False when there was none."""
