"""Which plugins there are, which of them are to run, and how one is made."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from typing import Self, TypeVar

from bot.configuration.loader import PLUGINS, installed, load, make_plugin
from bot.configuration.settings import PluginSettings, ProcessSettings, Settings
from bot.errors import ConfigError, PluginError
from bot.hosting.discovered import FoundPlugin, PluginStatus
from bot.hosting.files import PluginFile, explain_failed_import, read_plugin_file
from bot.hosting.process.plugin import PluginInProcess
from bot.hosting.process.process import ProcessOptions
from bot.plugin import Plugin
from memory.plugin_records import PluginState

logger = logging.getLogger(__name__)

IMPORT_SECONDS = 30
T = TypeVar("T")


class PluginRegistry:
    """Finds plugins by entry point, as single files in `folder`, and by what the settings name; makes them."""

    def __init__(self, folder: Path, settings: PluginSettings) -> None:
        self.folder = folder
        self._settings = settings

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the registry that the settings describe."""
        return cls(settings.plugins_dir, settings.plugins)

    def find_all(self) -> dict[str, FoundPlugin]:
        """Return every plugin by its name; of a name that comes twice, the installed one."""
        installed = {entry.name: FoundPlugin(entry.name, _origin(entry), entry.value) for entry in _list_installed()}
        named = {name: _make_named(name) for name in self._list_set() if name not in installed}
        found = installed | named
        for path in sorted(self.folder.glob("*.py")) if self.folder.is_dir() else ():
            file = _in_file(path)
            taken = installed.get(file.name)
            if taken is None:
                found[file.name] = file
            else:
                problem = f"{taken.where} has a plugin of this name; rename the file"
                found[path.name] = FoundPlugin(path.name, str(path), problem=problem)
        return found

    def status(self, plugin: FoundPlugin, state: PluginState) -> PluginStatus:
        """Say whether a plugin is to run: an owner's decision goes before the settings file."""
        if plugin.problem is not None:
            return PluginStatus("unusable", plugin.problem)
        if state.enabled is False:
            return PluginStatus("failed", state.reason) if state.reason else PluginStatus("off")
        if plugin.file is not None:
            return _status_of_file(plugin.file, state)
        settings = self._settings
        chosen = settings.enabled is None or plugin.name in settings.enabled
        is_on = state.enabled or (chosen and plugin.name not in settings.disabled)
        return PluginStatus("on") if is_on else PluginStatus("off", "by the settings file")

    def table(self, name: str, state: PluginState) -> dict[str, object]:
        """Return a plugin's settings: those of the settings file, and over them what owners have set in chats."""
        return {**self._settings.settings.get(name, {}), **state.settings}

    def make(self, plugin: FoundPlugin, table: Mapping[str, object], *, reimport: bool = False) -> Plugin:
        """Make a plugin; `reimport` imports an installed one again. Blocking, as imports are.

        Raises PluginError, which says what is wrong with it, and ConfigError for its settings.
        """
        process = self._settings.processes.get(plugin.name)
        if process is not None:
            return PluginInProcess(plugin.name, target_of(plugin), table, options_of(process))
        kind = run_within(IMPORT_SECONDS, lambda: _import(plugin, reimport=reimport), plugin.name)
        return make_plugin(kind, plugin.name, table)

    def options(self, name: str) -> ProcessOptions:
        """Return how a process for this plugin is started, also when it usually needs none."""
        return options_of(self._settings.processes.get(name) or ProcessSettings())

    def load(self, states: Mapping[str, PluginState]) -> list[Plugin]:
        """Make the plugins that are to run. One that can't be made is named in the log and left out.

        Raises ConfigError when settings of the file don't validate, or are given for a plugin that is not there.
        """
        found = self.find_all()
        if strangers := self._settings.settings.keys() - found.keys():
            raise ConfigError(f"there are settings for plugins that are not installed: {', '.join(sorted(strangers))}")
        made = []
        for name, plugin in found.items():
            state = states.get(name, PluginState(name))
            status = self.status(plugin, state)
            if status.on:
                made.append(self._try_to_make(plugin, state))
            elif status.word == "changed":
                logger.warning("The plugin %s does not run: %s", name, status.why)
        return [plugin for plugin in made if plugin is not None]

    def _try_to_make(self, plugin: FoundPlugin, state: PluginState) -> Plugin | None:
        try:
            return self.make(plugin, self.table(plugin.name, state))
        except ConfigError as error:
            if not state.settings:
                raise
            logger.error("The plugin %s is left out; /plugins unset takes back what was set: %s", plugin.name, error)  # noqa: TRY400 (it says it all)
        except PluginError as error:
            logger.error("The plugin %s is left out: %s", plugin.name, error, exc_info=error.__cause__)  # noqa: TRY400 (the cause has it)
        except Exception:  # a stranger's constructor may raise anything; the others are served on
            logger.exception("The plugin %s is left out", plugin.name)
        return None

    def _list_set(self) -> list[str]:
        """Return the names of the settings file that no entry point need have: those of processes, and dotted ones."""
        return [*self._settings.processes, *(self._settings.enabled or ())]


def target_of(plugin: FoundPlugin) -> dict[str, str]:
    """Return what a process is to load, as the protocol names it."""
    if plugin.file is None:
        return {"entry": plugin.name}
    return {"file": str(plugin.file.path), "source": base64.b64encode(plugin.file.source).decode()}


def options_of(settings: ProcessSettings) -> ProcessOptions:
    """Return what the settings say of a process."""
    return ProcessOptions(
        python=settings.python,
        memory_mb=settings.memory_mb,
        silent_seconds=settings.silent_seconds,
        environment=settings.environment,
    )


def run_within(seconds: float, function: Callable[[], T], what: str) -> T:
    """Return what a function does, or raise PluginError when it takes too long: an import may hang for ever."""
    done: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            done.append(function())
        except BaseException as error:  # noqa: BLE001 (raised again by who waits)
            raised.append(error)

    thread = threading.Thread(target=run, name=f"import of {what}", daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not done:
        raise PluginError(f"{what} was not imported within {seconds:g} seconds")
    return done[0]


def _import(plugin: FoundPlugin, *, reimport: bool) -> type[Plugin]:
    if plugin.file is not None:
        return _require_name(plugin.file.load(), plugin.name)
    try:
        kind = load(PLUGINS, plugin.name, reimport=reimport)
    except SystemExit as error:
        raise explain_failed_import(plugin.name, error) from error
    if not (isinstance(kind, type) and issubclass(kind, Plugin)):
        raise PluginError(f"{plugin.name} is not a class that derives from bot.Plugin")
    return kind if ":" in plugin.name else _require_name(kind, plugin.name)


def _require_name(kind: type[Plugin], name: str) -> type[Plugin]:
    """Hold a plugin to one name: by it its settings, its storage and its errors are found."""
    if not kind.name:
        kind.name = name
    if kind.name != name:
        raise PluginError(f"{name} calls itself {kind.name}; give both the same name")
    return kind


def _status_of_file(file: PluginFile, state: PluginState) -> PluginStatus:
    if state.enabled is None:
        return PluginStatus("new", f"it was never enabled: look at it, then run `scrubjay plugins enable {file.name}`")
    if state.digest != file.digest:
        why = f"it has changed since it was enabled: look at it, then run `scrubjay plugins enable {file.name}`"
        return PluginStatus("changed", why)
    return PluginStatus("on")


def _in_file(path: Path) -> FoundPlugin:
    try:
        return FoundPlugin(path.stem, str(path), file=read_plugin_file(path))
    except PluginError as error:
        return FoundPlugin(path.name, str(path), problem=str(error))


def _make_named(name: str) -> FoundPlugin:
    return FoundPlugin(name, "the settings file", entry=name if ":" in name else "")


def _list_installed() -> list[EntryPoint]:
    return sorted(installed(PLUGINS), key=lambda entry: entry.name)


def _origin(entry: EntryPoint) -> str:
    return "an installed package" if entry.dist is None else _describe_package(entry.dist)


@lru_cache(maxsize=100)
def _describe_package(package: Distribution) -> str:
    """Return its name and version, for which its whole description is read: once, however many plugins are its."""
    described = package.metadata
    return f"{described['Name']} {described['Version']}"
