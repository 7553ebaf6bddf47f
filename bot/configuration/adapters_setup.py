"""From the tables `[adapters.NAME]` to adapters: one for the platform's own table, and one for each of its `bots`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ValidationError

from bot.adapter import Adapter, ServesRequests
from bot.configuration.loader import ADAPTERS, load
from bot.configuration.setting_problems import describe_expected
from bot.errors import ConfigError

BOTS = "bots"
"""The table of a platform's table that holds a table for each further bot there: `[adapters.telegram.bots.work]`."""
_BOT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def make_adapters(tables: Mapping[str, Mapping[str, object]]) -> list[Adapter]:
    """Make the adapter of each table; its class takes an object of its nested `Settings`, or nothing if it has none.

    Further bots of a platform are called after both: "telegram.work".
    Raises ConfigError for a setting that is wrong, PluginError for a name that isn't installed.
    """
    made = [adapter for name, table in tables.items() for adapter in _make_bots(name, table)]
    twice = [name for name, count in Counter(adapter.name for adapter in made).items() if count > 1]
    if twice:
        raise ConfigError(
            f"several tables of [adapters] make the bot {twice[0]}; make it one of the platform's `{BOTS}`"
        )
    return made


def make_adapter(name: str, table: Mapping[str, object], **more: object) -> Adapter:
    """Make a platform's own bot, without its further ones; `more` goes to its class beside the settings.

    Raises as `make_adapters` does.
    """
    return _make(name, name, {key: value for key, value in table.items() if key != BOTS}, more)


def _make_bots(name: str, table: Mapping[str, object]) -> Iterator[Adapter]:
    """Make a platform's bots. One whose table holds nothing but `bots` has those alone."""
    if BOTS not in table:
        yield make_adapter(name, table)
        return
    if table.keys() != {BOTS}:
        yield make_adapter(name, table)
    bots = table[BOTS]
    if not (isinstance(bots, Mapping) and all(isinstance(each, Mapping) for each in bots.values())):
        raise ConfigError(f"adapters.{name}.{BOTS} holds a table for each bot, such as [adapters.{name}.{BOTS}.work]")
    for bot, settings in bots.items():
        yield _make_further(name, bot, settings)


def _make_further(name: str, bot: str, table: Mapping[str, object]) -> Adapter:
    path = f"{name}.{BOTS}.{bot}"
    if not _BOT_NAME.fullmatch(bot):
        raise ConfigError(f"adapters.{path}: a bot's name has small letters, digits, - and _, 32 at most")
    adapter = _make(name, path, table, {})
    if isinstance(adapter, ServesRequests):
        raise ConfigError(f"adapters.{path}: of {name} there can be only one")
    try:
        adapter.name = f"{adapter.name}.{bot}"  # type: ignore[misc] # read-only for everybody else
    except AttributeError:
        raise ConfigError(f"adapters.{path}: {name} can't run several bots: its name can't be changed") from None
    return adapter


def _make(name: str, path: str, table: Mapping[str, object], more: Mapping[str, object]) -> Adapter:
    kind = load(ADAPTERS, name)
    if not isinstance(kind, type):
        raise ConfigError(f"adapters.{name}: {kind!r} is not an adapter class")
    schema = getattr(kind, "Settings", None)
    if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        if table:
            raise ConfigError(f"adapters.{path} takes no settings, but the table has: {', '.join(table)}")
        made = kind(**more)
    else:
        made = kind(_validate(path, schema, table), **more)
    if not isinstance(made, Adapter):
        raise ConfigError(f"adapters.{name}: {kind.__qualname__} is not an adapter")
    return made


def _validate(path: str, schema: type[BaseModel], table: Mapping[str, object]) -> BaseModel:
    try:
        return schema.model_validate(table)
    except ValidationError as error:
        # Without the values: a token may be among them.
        wrong = [
            f"adapters.{path}.{'.'.join(map(str, each['loc']))} {describe_expected(each)}" for each in error.errors()
        ]
        raise ConfigError("\n".join(wrong)) from None
