"""Plugins as one request may see and switch them: every call is made in the name of the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.errors import AccessDenied, CommandError
from bot.hosting.discovered import FoundPlugin, PluginReport
from bot.hosting.settings import SettingLine
from bot.translation import gettext


class ManagesPlugins(Protocol):
    """What switches and sets plugins; `bot.hosting.manager` documents each call."""

    async def overview(self) -> list[PluginReport]:
        """Return every plugin there is."""

    async def find(self, name: str) -> FoundPlugin:
        """Return a plugin."""

    async def enable(self, name: str, *, digest: str | None = None) -> list[str]:
        """Switch a plugin on."""

    async def disable(self, name: str) -> None:
        """Switch a plugin off."""

    async def reload(self, name: str) -> list[str]:
        """Import a plugin again."""

    async def settings(self, name: str) -> list[SettingLine]:
        """Return a plugin's settings."""

    async def set(self, name: str, key: str, value: str | None) -> None:
        """Set a setting."""


@dataclass(frozen=True, slots=True)
class ScopedPlugins:
    """What a message's sender may know and decide about plugins: an owner everything, anybody else nothing.

    Each method raises AccessDenied for anybody but an owner, and CommandError where the bot runs with fixed plugins.
    """

    manager: ManagesPlugins | None = None
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

    def _manager(self) -> ManagesPlugins:
        if not self.is_owner:
            raise AccessDenied(gettext("Only my owner may decide about plugins."))
        if self.manager is None:
            raise CommandError(gettext("The plugins are fixed here."))
        return self.manager
