"""Opens what reading needs without the rest of the bot: the plugins that read or fetch files, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from bot.configuration.settings import Settings
from bot.hosting.process.plugin import PluginInProcess
from bot.hosting.registry import PluginRegistry
from bot.hosting.running import RunningPlugins
from bot.hosting.store import Values
from bot.pipeline.metrics import Metrics
from bot.plugin import Plugin, capabilities_of, name_of
from bot.reading.reading import Reading, ReadingOptions
from memory import Memory
from memory.plugin_records import PluginSpace


@asynccontextmanager
async def open_reading(settings: Settings, memory: Memory) -> AsyncIterator[Reading]:
    """Start the plugins that read and fetch files, as the settings and the owner have them."""
    loaded = PluginRegistry.of(settings).load(await memory.ledger.plugin_states.read_all())
    chosen = [plugin for plugin in loaded if _is_of_use(plugin)]
    plugins = RunningPlugins(chosen, settings.assistant.name, Metrics())
    plugins.prepare_with(partial(give_storage, memory))
    async with plugins:
        yield Reading(memory, plugins, reading_options(settings))


def give_storage(memory: Memory, plugin: Plugin) -> None:
    """Give a plugin its own storage, and the folder that the memory is in."""
    plugin.store = Values(memory.ledger.plugin_values, PluginSpace(name_of(plugin)))
    plugin.data_dir = memory.folder


def reading_options(settings: Settings) -> ReadingOptions:
    """Return how files are read, as set."""
    ingest = settings.ingest
    return ReadingOptions(
        workers=ingest.workers, most_megabytes=ingest.max_megabytes, kept_megabytes=ingest.kept_megabytes
    )


def _is_of_use(plugin: Plugin) -> bool:
    capable = capabilities_of([plugin])
    return bool(capable.readers or capable.fetchers) or isinstance(plugin, PluginInProcess)  # which tells once it runs
