"""From a name in the settings to the object that it stands for: an installed entry point, or a dotted name."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from pathlib import Path

from pydantic import ValidationError

from bot.errors import ConfigError, PluginError
from bot.plugin import Plugin

PLUGINS = "scrubjay.plugins"
ADAPTERS = "scrubjay.adapters"


def installed(group: str) -> EntryPoints:
    """Return what the installed packages offer in an entry-point group, those too that were installed just now."""
    return _read_entry_points(group, tuple((folder, _find_change_time(folder)) for folder in sys.path))


def list_installed(group: str) -> list[str]:
    """Return the names that the installed packages offer in an entry-point group."""
    return sorted({entry.name for entry in installed(group)})


def load(group: str, name: str, *, reimport: bool = False) -> object:
    """Return what `name` stands for: an entry point of `group`, or "package.module:attribute".

    With `reimport` its module is run again, but not the modules that it imports. Raises PluginError,
    which names what is missing or what the import raised.
    """
    entry = next(iter(installed(group).select(name=name)), None)
    if entry is None and ":" in name:
        entry = EntryPoint(name=name, value=name, group=group)
    if entry is None:
        known = ", ".join(list_installed(group)) or "none"
        raise PluginError(f'nothing called "{name}" is installed for {group} (installed: {known})')
    try:
        return _resolve(entry, reimport=reimport)
    except Exception as error:
        raise PluginError(f'"{name}" ({entry.value}) can\'t be loaded: {type(error).__name__}: {error}') from error


def make_plugin(kind: type[Plugin], name: str, settings: Mapping[str, object]) -> Plugin:
    """Make a plugin with its settings. Raises ConfigError, which names each setting that is wrong."""
    try:
        return kind(kind.Settings.model_validate(settings))
    except ValidationError as error:
        raise ConfigError(f"the settings of the plugin {name} are wrong: {wrong_settings(error, name)}") from error


def wrong_settings(error: ValidationError, name: str) -> str:
    """Return what is wrong with each setting; values are not repeated, for they may be secret."""
    return "; ".join(f"{'.'.join(map(str, each['loc'])) or name}: {each['msg']}" for each in error.errors())


@lru_cache(maxsize=8)
def _read_entry_points(group: str, _state: tuple[tuple[str, int], ...]) -> EntryPoints:
    """Read those of every package, again only when one was installed or removed since."""
    return entry_points(group=group)


def _find_change_time(folder: str) -> int:
    """Return when a folder of packages has changed; 0 where there is none."""
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:
        return 0


def _resolve(entry: EntryPoint, *, reimport: bool) -> object:
    importlib.invalidate_caches()
    if reimport and (module := sys.modules.get(entry.module)) is not None:
        importlib.reload(module)
    return entry.load()
