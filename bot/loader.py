"""From a name in the settings to the object that it stands for: an installed entry point, or a dotted name."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points

from pydantic import ValidationError

from bot.errors import ConfigError, PluginError
from bot.plugin import Plugin

logger = logging.getLogger(__name__)

PLUGINS = "scrubjay.plugins"
ADAPTERS = "scrubjay.adapters"
EXPORTS = "scrubjay.exports"


def installed(group: str) -> list[str]:
    """Return the names that the installed packages offer in an entry-point group."""
    return sorted({entry.name for entry in entry_points(group=group)})


def load(group: str, name: str) -> object:
    """Return what `name` stands for: an entry point of `group`, or "package.module:attribute".

    Raises PluginError, which names what is missing or what the import raised.
    """
    entry = next(iter(entry_points(group=group, name=name)), None)
    if entry is None and ":" in name:
        entry = EntryPoint(name=name, value=name, group=group)
    if entry is None:
        known = ", ".join(installed(group)) or "none"
        raise PluginError(f'nothing called "{name}" is installed for {group} (installed: {known})')
    try:
        return _resolved(entry)
    except Exception as error:
        raise PluginError(f'"{name}" ({entry.value}) can\'t be loaded: {type(error).__name__}: {error}') from error


def load_plugins(
    enabled: Iterable[str] | None, disabled: Iterable[str], settings: Mapping[str, Mapping[str, object]]
) -> list[Plugin]:
    """Make the plugins that are enabled (None: all that are installed), each with its own settings.

    One that can't be loaded is named in the log and left out. Raises ConfigError when settings don't validate,
    or are given for a plugin that is neither installed nor enabled.
    """
    known = installed(PLUGINS)
    left_out = frozenset(disabled)
    chosen = [name for name in (known if enabled is None else enabled) if name not in left_out]
    if strangers := settings.keys() - {*known, *chosen}:
        raise ConfigError(f"there are settings for plugins that are not installed: {', '.join(sorted(strangers))}")
    return [plugin for name in chosen if (plugin := _made(name, settings.get(name, {}))) is not None]


def make_plugin(kind: type[Plugin], name: str, settings: Mapping[str, object]) -> Plugin:
    """Make a plugin with its settings. Raises ConfigError, which names each setting that is wrong."""
    try:
        return kind(kind.Settings.model_validate(settings))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc'])) or name}: {each['msg']}" for each in error.errors())
        raise ConfigError(f"the settings of the plugin {name} are wrong: {wrong}") from error


def _made(name: str, settings: Mapping[str, object]) -> Plugin | None:
    try:
        kind = load(PLUGINS, name)
        if isinstance(kind, type) and issubclass(kind, Plugin):
            return make_plugin(kind, name, settings)
        logger.error("The plugin %s is left out: it is no class that derives from bot.Plugin", name)
    except ConfigError:
        raise
    except Exception:  # a stranger's constructor may raise anything; the others are served on
        logger.exception("The plugin %s is left out", name)
    return None


def _resolved(entry: EntryPoint) -> object:
    importlib.invalidate_caches()
    return entry.load()
