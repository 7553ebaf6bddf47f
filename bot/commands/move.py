"""The command `move`: the whole memory from a file to a database server, or back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.translation import format_number, gettext, ngettext, ngettext_noop
from memory.addresses import StoreAddress, check_server_address
from memory.databases import open_move
from memory.moving import move as move_memory

_COPIED = {
    "passages": ngettext_noop("{number} memory", "{number} memories"),
    "vectors": ngettext_noop("{number} vector", "{number} vectors"),
}
"""The tables whose rows are counted aloud, for they are the long ones."""
Target = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="ADDRESS|FOLDER",
        help='Where to: "postgresql://user@host/database", or a data folder for a file.',
    ),
]
Afresh = Annotated[bool, typer.Option("--afresh", help="Delete what an earlier, interrupted move has copied.")]


def move(context: typer.Context, to: Target, afresh: Afresh = False) -> None:  # noqa: FBT002 (typer makes the option)
    """Copy the whole memory to PostgreSQL, or back into a file. The present memory stays as it is.

    Vectors, jobs, access and what plugins keep go with it; files that wait to be read, plugins and models stay in the
    data folder. An interrupted move continues when you run it again; at its end both sides are compared row by row.

    The bot must not be running.

    Example: scrubjay move --to postgresql://scrubjay@db.example/scrubjay
    """
    settings: Settings = context.obj
    target = _target_of(to, settings)
    if target == settings.store:
        raise CommandError(gettext("the memory is kept in {place} already", place=target))
    counts = asyncio.run(_move(settings.store, target, afresh=afresh))
    typer.echo(
        gettext(
            "Moved {passages} memories in {conversations} conversations, with {vectors} vectors, to {place}. "
            "Both sides have the same rows with the same digests.",
            passages=format_number(counts["passages"]),
            conversations=format_number(counts["conversations"]),
            vectors=format_number(counts["vectors"]),
            place=target,
        )
    )
    typer.echo(_tell_next(target))


def _target_of(to: str, settings: Settings) -> StoreAddress:
    if "://" not in to:
        return StoreAddress(Path(to).expanduser().absolute() / settings.database.name)
    try:
        return StoreAddress(settings.database, check_server_address(to))
    except ValueError as error:
        raise CommandError(gettext("{place} is no place for a memory: {error}", place=to, error=error)) from error


async def _move(source: StoreAddress, target: StoreAddress, *, afresh: bool) -> dict[str, int]:
    async with open_move(source, target, afresh=afresh) as (here, there):
        return await move_memory(here, there, _report)


def _report(table: str, rows: int) -> None:
    if table in _COPIED and rows % 100_000 == 0:
        said = ngettext(*_COPIED[table], rows)
        typer.echo(f"  {said}", err=True)


def _tell_next(target: StoreAddress) -> str:
    if target.server is None:
        folder = target.path.parent
        return gettext(
            'To use it, take `store` out of [memory] in the settings, and set `dir = "{folder}"` in [data].',
            folder=folder,
        )
    return gettext(
        'To use it, set `store = "{place}"` in [memory] of the settings (with the password, if it has one).',
        place=target,
    )
