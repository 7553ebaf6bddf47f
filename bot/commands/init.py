"""The command `init`: a settings file to begin with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.configuration.config import default_config_file, example_config
from bot.errors import ConfigError
from bot.translation import gettext

Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]

NEXT_STEPS = """\
Scrubjay works without changing anything in it. What to do next:
  scrubjay remember "The wifi password is tortoise42"
  scrubjay ask "what is the wifi password?"
  scrubjay import "WhatsApp Chat.zip"     a history you exported
  scrubjay model list                     language models that make it talk
  scrubjay doctor                         checks that everything works"""


def init(context: typer.Context, force: Force = False) -> None:  # noqa: FBT002 (typer makes the options)
    """Write a first settings file, and say what to do next. It asks nothing.

    Every setting is in it, explained, with its default. --data DIR is written into it.

    Example: scrubjay init
    """
    options = context.parent.params if context.parent else {}
    file: Path = (options.get("config") or default_config_file()).expanduser()
    if file.exists() and not force:
        raise ConfigError(gettext("{file} exists already; `scrubjay init --force` replaces it", file=file))
    write_settings(file, with_data_dir(example_config(), options.get("data")))
    typer.echo(gettext("Wrote {file}.\n{next_steps}", file=file, next_steps=NEXT_STEPS))


def with_data_dir(text: str, data: Path | None) -> str:
    """Return the settings with the folder of the data written into them."""
    if data is None:
        return text
    escaped = str(data.expanduser().absolute()).replace("\\", "\\\\").replace('"', '\\"')
    return text.replace('#dir = "~/scrubjay"', f'dir = "{escaped}"')


def write_settings(file: Path, text: str) -> None:
    """Write it whole or not at all, readable by its owner alone: keys may be written into it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.write(text)
    part.replace(file)
