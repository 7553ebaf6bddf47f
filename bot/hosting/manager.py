"""Switches, reloads and sets plugins while the bot runs, as owners decide in chats and on the command line."""

from __future__ import annotations

import asyncio
import difflib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.errors import CommandError, ConfigError, PluginError
from bot.hosting.discovered import FoundPlugin, PluginReport, PluginStatus
from bot.hosting.process.inspection import inspect_plugin
from bot.hosting.process.plugin import PluginInProcess
from bot.hosting.registry import PluginRegistry, target_of
from bot.hosting.running import RunningPlugins
from bot.hosting.settings import Schema, SettingLine, add_value, setting_lines
from bot.pipeline.background import run_beside
from bot.plugin import Command, Plugin, name_of
from bot.translation import gettext
from memory.engine import PluginStateStore
from memory.plugin_records import PluginState

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2
"""How often the bot looks for what other processes have decided."""


class PluginManager:
    """Brings what runs in line with what is decided. One change is made after the other.

    A change that fails changes nothing: what ran goes on, and nothing is stored.
    """

    def __init__(self, registry: PluginRegistry, states: PluginStateStore, running: RunningPlugins) -> None:
        self._registry = registry
        self._states = states
        self._running = running
        self._seen: dict[str, PluginState] = {}
        self._problems: dict[str, str] = {}
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Follow what other processes decide, such as the command line, while the block runs."""
        self._seen = await self._states.read_all()
        async with run_beside(self._follow(), name="plugins"):
            yield

    async def overview(self) -> list[PluginReport]:
        """Return every plugin there is, by name."""
        return await asyncio.to_thread(self._list_reports, await self._states.read_all())

    async def find(self, name: str) -> FoundPlugin:
        """Return a plugin by its name. Raises CommandError when there is none, or it can't be run."""
        plugin = find_closest(await asyncio.to_thread(self._registry.find_all), name)
        if plugin.problem is not None:
            raise CommandError(gettext("{name} can't be run: {problem}.", name=name, problem=plugin.problem))
        return plugin

    async def enable(self, name: str, *, digest: str | None = None) -> list[str]:
        """Switch a plugin on; return what else is to be said of it. A single file must still have this digest.

        Raises CommandError, which says why it stays as it was.
        """
        async with self._lock:
            plugin = await self.find(name)
            if plugin.file is not None and plugin.file.digest != digest:
                raise CommandError(gettext("{name} has just been changed; look at it, and enable it again.", name=name))
            state = replace(await self._states.find(name), enabled=True, digest=digest, reason=None)
            await self._try_import(plugin)
            made = await self._start(plugin, state)
            await self._states.switch(name, enabled=True, digest=digest)
            self._seen[name] = state
            return self._find_collisions(made)

    async def disable(self, name: str) -> None:
        """Switch a plugin off. Raises CommandError when there is none of this name."""
        async with self._lock:
            if name not in await asyncio.to_thread(self._registry.find_all) and self._running.get(name) is None:
                await self.find(name)
            await self._states.switch(name, enabled=False)
            self._seen[name] = await self._states.find(name)
            self._problems.pop(name, None)
            self._running.stop(name)

    async def reload(self, name: str) -> list[str]:
        """Import a plugin again and put it in the place of the one that runs. Raises CommandError."""
        async with self._lock:
            plugin = await self.find(name)
            state = await self._states.find(name)
            status = self._registry.status(plugin, state)
            if not status.on:
                raise CommandError(
                    gettext("{name} is off: {why}.", name=name, why=status.why)
                    if status.why
                    else gettext("{name} is off.", name=name)
                )
            return self._find_collisions(await self._start(plugin, state, reimport=True))

    async def set(self, name: str, key: str, value: str | None) -> None:
        """Set one of a plugin's settings from what was typed; None goes back to the settings file.

        It is restarted with them. Raises CommandError when the value won't do, or the plugin does not start.
        """
        async with self._lock:
            plugin = await self.find(name)
            state = await self._states.find(name)
            schema = await self._schema_of(plugin, state)
            if value is None and key not in state.settings:
                raise CommandError(gettext("{name}.{key} was not set in a chat.", name=name, key=key))
            kept = {each: known for each, known in state.settings.items() if each != key}
            settings = kept if value is None else add_value(schema, kept, key, value)
            changed = replace(state, settings=settings)
            if self._registry.status(plugin, changed).on:
                await self._start(plugin, changed)
            else:
                await self._try_settings(plugin, changed)
            await self._states.set(name, settings)
            self._seen[name] = changed

    async def settings(self, name: str) -> list[SettingLine]:
        """Return a plugin's settings, secrets hidden. Raises CommandError when it can't be asked for them."""
        plugin = await self.find(name)
        state = await self._states.find(name)
        schema = await self._schema_of(plugin, state)
        return setting_lines(schema, self._registry.table(name, state), state.settings)

    async def _schema_of(self, plugin: FoundPlugin, state: PluginState) -> Schema:
        try:
            return await asyncio.to_thread(self._schema, plugin, state)
        except (PluginError, ConfigError) as error:
            raise CommandError(
                gettext("{name} can't be asked for its settings: {error}", name=plugin.name, error=error)
            ) from error

    def _schema(self, plugin: FoundPlugin, state: PluginState) -> Schema:
        """Return the JSON schema of a plugin's settings. What was never enabled is not run to ask for them."""
        running = self._running.get(plugin.name)
        if running is not None:
            return running.settings_schema()
        if plugin.file is not None and self._registry.status(plugin, replace(state, enabled=True)).on is False:
            raise CommandError(gettext("{name} must be enabled before it can be set.", name=plugin.name))
        made = self._registry.make(plugin, self._registry.table(plugin.name, PluginState(plugin.name)))
        if isinstance(made, PluginInProcess):
            raise CommandError(
                gettext("{name} must be on before it can be set: its process knows its settings.", name=plugin.name)
            )
        return made.settings_schema()

    async def _start(self, plugin: FoundPlugin, state: PluginState, *, reimport: bool = False) -> Plugin:
        try:
            made = await self._make(plugin, state, reimport=reimport)
            await self._running.start(made)
        except (PluginError, ConfigError) as error:
            raise CommandError(gettext("{name} stays as it was: {error}", name=plugin.name, error=error)) from error
        self._problems.pop(plugin.name, None)
        return made

    async def _try_import(self, plugin: FoundPlugin) -> None:
        """Have a single file imported elsewhere first: here, an import that never ends could not be ended."""
        if plugin.file is None:
            return
        try:
            await inspect_plugin(plugin.name, target_of(plugin), self._registry.options(plugin.name))
        except PluginError as error:
            raise CommandError(gettext("{name} stays as it was: {error}", name=plugin.name, error=error)) from error

    async def _try_settings(self, plugin: FoundPlugin, state: PluginState) -> None:
        """Make a plugin that is off, to see whether its settings would do."""
        try:
            await self._make(plugin, state, reimport=False)
        except (PluginError, ConfigError) as error:
            raise CommandError(gettext("{name} stays as it was: {error}", name=plugin.name, error=error)) from error

    async def _make(self, plugin: FoundPlugin, state: PluginState, *, reimport: bool) -> Plugin:
        table = self._registry.table(plugin.name, state)
        try:
            return await asyncio.to_thread(self._registry.make, plugin, table, reimport=reimport)
        except (PluginError, ConfigError):
            raise
        except Exception as error:  # a stranger's constructor may raise anything
            raise PluginError(f"it can't be made: {type(error).__name__}: {error}") from error

    def _find_collisions(self, plugin: Plugin) -> list[str]:
        """Return a sentence for each command that another plugin has already."""
        holders = {word: each.plugin for each in self._running.commands for word in (each.name, *each.aliases)}
        own = [each for each in plugin.capabilities() if isinstance(each, Command)]
        words = [word for each in own for word in (each.name, *each.aliases)]
        return [
            gettext("/{word} stays with {holders}.", word=word, holders=holders[word])
            for word in words
            if holders[word] != name_of(plugin)
        ]

    def _list_reports(self, states: Mapping[str, PluginState]) -> list[PluginReport]:
        found = sorted(self._registry.find_all().items())
        return [self._make_report(plugin, states.get(name, PluginState(name))) for name, plugin in found]

    def _make_report(self, plugin: FoundPlugin, state: PluginState) -> PluginReport:
        try:
            summary = plugin.summary()
        except PluginError as error:
            return PluginReport(plugin.name, plugin.where, "", PluginStatus("unusable", str(error)), runs=False)
        status = self._registry.status(plugin, state)
        runs = self._running.get(plugin.name) is not None
        return PluginReport(
            plugin.name,
            plugin.where,
            summary,
            status,
            runs,
            self._problems.get(plugin.name, "") if status.on else "",
        )

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.catch_up()
            except Exception:
                logger.exception("What was decided about plugins could not be looked up; the next round tries again")

    async def catch_up(self) -> None:
        """Do what was decided elsewhere since the last look."""
        states = await self._states.read_all()
        changed = [name for name in states | self._seen if states.get(name) != self._seen.get(name)]
        for name in changed:
            async with self._lock:
                await self._follow_one(name)

    async def _follow_one(self, name: str) -> None:
        state = await self._states.find(name)
        if self._seen.get(name) == state:
            return  # a chat has done it meanwhile
        self._seen[name] = state
        plugin = (await asyncio.to_thread(self._registry.find_all)).get(name)
        if plugin is None or not self._registry.status(plugin, state).on:
            self._running.stop(name)
            return
        try:
            await self._start(plugin, state)
        except CommandError as error:
            self._problems[name] = str(error)
            logger.error("%s", error)  # noqa: TRY400 (it says it all)


def find_closest(found: Mapping[str, FoundPlugin], name: str) -> FoundPlugin:
    """Return the plugin of this name. Raises CommandError, which says what was perhaps meant."""
    plugin = found.get(name)
    if plugin is None:
        near = difflib.get_close_matches(name, found, n=1)
        hint = (
            gettext("Did you mean {name}?", name=near[0])
            if near
            else gettext("There are: {names}.", names=", ".join(sorted(found)))
        )
        raise CommandError(gettext("There is no plugin “{name}”. {hint}", name=name[:60], hint=hint))
    return plugin
