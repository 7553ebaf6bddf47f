"""The command `restore`: a backup in place of the memory."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.encrypted_backup import KeyOption, open_backup
from bot.commands.options import YesOption
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.translation import gettext
from memory.databases import restore_backup

Source = Annotated[Path, typer.Argument(metavar="FILE", help="What `scrubjay backup` wrote.")]


def restore(
    context: typer.Context,
    file: Source,
    yes: YesOption = False,  # noqa: FBT002 (typer makes the options)
    key: KeyOption = None,
) -> None:
    """Check a backup, then put it in place of the memory. The present memory is kept beside it.

    The bot must not be running.

    Example: scrubjay restore scrubjay-2024-05-03.db
    """
    settings: Settings = context.obj
    if settings.memory.store is not None:
        raise CommandError(
            f"the memory is kept in {settings.store}: put back what `pg_dump` wrote with `pg_restore` (docs/scale.md), "
            "or a backup of `scrubjay backup` without memory.store, then `scrubjay move` it"
        )
    if not file.expanduser().is_file():
        raise CommandError(gettext("{file}: there is no such file; check its name", file=file))
    if not yes:
        if not sys.stdin.isatty():
            raise typer.BadParameter(gettext("there is no terminal to ask on; add --yes if you are sure"))
        typer.confirm(
            gettext("Replace the memory in {data_dir} by {file}?", data_dir=settings.data_dir, file=file), abort=True
        )
    now = datetime.now(settings.time.zone)
    aside = settings.database.with_name(f"{settings.database.stem}-before-{now:%Y%m%d-%H%M%S}.db")
    with open_backup(file.expanduser(), key, settings.data_dir) as plain:
        kept = restore_backup(plain, settings.database, aside)
    typer.echo(gettext("Restored {database}.", database=settings.database))
    if kept:
        typer.echo(gettext("What was there before is kept as {aside}.", aside=aside))
