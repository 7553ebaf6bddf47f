"""Settings of plugins for one command: `--set tables.template="For {Scenario} use {Advice}"`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.configuration.settings import Settings, Table
from bot.errors import ConfigError
from bot.translation import gettext

SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PLUGIN.NAME=VALUE", help="A plugin's setting, for this run only; may be repeated."),
]


def with_overrides(settings: Settings, overrides: Sequence[str]) -> Settings:
    """Return the settings with these in place of those of the file; a value is JSON, or else a text.

    Raises ConfigError for one that is not written so.
    """
    tables: dict[str, Table] = {name: dict(table) for name, table in settings.plugins.settings.items()}
    for override in overrides:
        name, equals, value = override.partition("=")
        plugin, dot, setting = name.strip().partition(".")
        if not (equals and dot and plugin and setting):
            raise ConfigError(
                gettext(
                    '--set {override}: write it as PLUGIN.NAME=VALUE, such as "tables.max_rows=1000"', override=override
                )
            )
        tables.setdefault(plugin, {})[setting] = _value(value)
    plugins = settings.plugins.model_copy(update={"settings": tables})
    return settings.model_copy(update={"plugins": plugins})


def _value(text: str) -> object:
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value
