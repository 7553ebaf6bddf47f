"""From the tables `[adapters.NAME]` to adapters."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ValidationError

from bot.adapter import Adapter
from bot.configuration.loader import ADAPTERS, load
from bot.errors import ConfigError


def make_adapters(tables: Mapping[str, Mapping[str, object]]) -> list[Adapter]:
    """Make the adapter of each table; its class takes an object of its nested `Settings`, or nothing if it has none.

    Raises ConfigError for a setting that is wrong, PluginError for a name that isn't installed.
    """
    return [make_adapter(name, table) for name, table in tables.items()]


def make_adapter(name: str, table: Mapping[str, object], **more: object) -> Adapter:
    """Make one adapter; `more` goes to its class beside the settings. Raises as `make_adapters` does."""
    kind = load(ADAPTERS, name)
    if not isinstance(kind, type):
        raise ConfigError(f"adapters.{name}: {kind!r} is not an adapter class")
    schema = getattr(kind, "Settings", None)
    if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        if table:
            raise ConfigError(f"adapters.{name} takes no settings, but the table has: {', '.join(table)}")
        made = kind(**more)
    else:
        made = kind(_validate(name, schema, table), **more)
    if not isinstance(made, Adapter):
        raise ConfigError(f"adapters.{name}: {kind.__qualname__} is not an adapter")
    return made


def _validate(name: str, schema: type[BaseModel], table: Mapping[str, object]) -> BaseModel:
    try:
        return schema.model_validate(table)
    except ValidationError as error:
        # Without the values: a token may be among them.
        wrong = [f"adapters.{name}.{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise ConfigError("\n".join(wrong)) from None
