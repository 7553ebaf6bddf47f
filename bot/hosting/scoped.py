"""Plugins as one request may see and switch them: every call is made in the name of the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import AccessDenied, CommandError

if TYPE_CHECKING:
    from bot.hosting.manager import PluginManager, PluginReport
    from bot.hosting.settings import SettingLine
    from bot.hosting.shelf import FoundPlugin


@dataclass(frozen=True, slots=True)
class ScopedPlugins:
    """What a message's sender may know and decide about plugins: an owner everything, anybody else nothing.

    Each method raises AccessDenied for who is no owner, and CommandError where the bot runs with fixed plugins.
    """

    manager: PluginManager | None = None
    is_owner: bool = False

    async def all(self) -> list[PluginReport]:
        """Return every plugin there is, by name."""
        return await self._manager().overview()

    async def find(self, name: str) -> FoundPlugin:
        """Return a plugin by its name. Raises CommandError when there is none, or it can't be run."""
        return await self._manager().find(name)

    async def enable(self, name: str, *, digest: str | None = None) -> list[str]:
        """Switch a plugin on, a single file as it was when it had this digest; return what else is to be said.

        Raises CommandError, which says why it stays as it was.
        """
        return await self._manager().enable(name, digest=digest)

    async def disable(self, name: str) -> None:
        """Switch a plugin off; what it is doing it still finishes. Raises CommandError when there is none."""
        await self._manager().disable(name)

    async def reload(self, name: str) -> list[str]:
        """Import a plugin again, and put it in the place of the one that runs. Raises CommandError."""
        return await self._manager().reload(name)

    async def settings(self, name: str) -> list[SettingLine]:
        """Return a plugin's settings, secrets hidden. Raises CommandError."""
        return await self._manager().settings(name)

    async def set(self, name: str, key: str, value: str | None) -> None:
        """Set a setting from what was typed; None goes back to the settings file. Raises CommandError."""
        await self._manager().set(name, key, value)

    def _manager(self) -> PluginManager:
        if not self.is_owner:
            raise AccessDenied("Only my owner may decide about plugins.")
        if self.manager is None:
            raise CommandError("The plugins are fixed here.")
        return self.manager
