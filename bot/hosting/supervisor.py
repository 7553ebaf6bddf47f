"""Keeps the plugins: gives each what it needs, watches what it does, and does without one that fails too often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.access.direct_chats import DirectChats
from bot.errors import PluginError, PluginStopped
from bot.hosting.isolation import Isolation
from bot.hosting.process.plugin import PluginInProcess
from bot.hosting.running import RunningPlugins
from bot.hosting.store import Values
from bot.hosting.watchdog import Watchdog
from bot.jobs.due import jobs_of
from bot.pipeline.metrics import Metrics
from bot.plugin import Plugin, name_of
from bot.translation import gettext_noop
from memory import Memory
from memory.plugin_records import PluginSpace

if TYPE_CHECKING:
    from bot.answering.answer import Answerer

_SWITCHED_OFF = gettext_noop(
    "I have switched off the plugin {plugin}: {reason}. “/plugins enable {plugin}” switches it on again."
)


class PluginSupervisor:
    """Starts the plugins with `run_plugins`, and calls them through its `isolation`."""

    def __init__(
        self, plugins: RunningPlugins, memory: Memory, answerer: Answerer, direct_chats: DirectChats, metrics: Metrics
    ) -> None:
        self._plugins = plugins
        self._memory = memory
        self._answerer = answerer
        self._direct_chats = direct_chats
        self.isolation = Isolation(metrics, self._switch_off)
        plugins.prepare_with(self._prepare)

    @asynccontextmanager
    async def run_plugins(self, block_seconds: float) -> AsyncIterator[None]:
        """Run the plugins during the block; who holds the event loop for `block_seconds` is named and counted."""
        tasks = self._plugins.tasks
        with tasks.watching(asyncio.get_running_loop()):
            async with Watchdog(tasks, block_seconds, self._report_block), self._plugins:
                try:
                    yield
                finally:
                    await self.isolation.settle()

    def job_names(self, plugin: str) -> frozenset[str]:
        """Return the names of the methods of a running plugin that can be planned."""
        running = self._plugins.get(plugin)
        return frozenset() if running is None else frozenset(job.name for job in jobs_of(running))

    def _prepare(self, plugin: Plugin) -> None:
        name = name_of(plugin)
        self.isolation.forgive(name)
        plugin.store = Values(self._memory.ledger.plugin_values, PluginSpace(name))
        plugin.model = self._answerer.writer
        plugin.data_dir = self._memory.folder
        if isinstance(plugin, PluginInProcess):
            plugin.on_stop(lambda reason: self.isolation.count_failure(name, PluginStopped(reason)))

    def _report_block(self, plugin: str, seconds: float) -> None:
        self.isolation.count_failure(plugin, PluginError(f"it held the event loop for {seconds:.0f} seconds"))

    async def _switch_off(self, plugin: str, reason: str) -> None:
        """Do without a plugin from now on, also after a restart, and tell the owners."""
        if not self._plugins.stop(plugin):
            return
        states = self._memory.ledger.plugin_states
        await states.switch(plugin, enabled=False, digest=(await states.find(plugin)).digest, reason=reason)
        await self._direct_chats.tell_owners(_SWITCHED_OFF, plugin=plugin, reason=reason)
