"""The command `unhandled`: what platforms told and the bot could not take."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.adapter import printable
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.translation import gettext
from memory.databases import open_ledger
from memory.delivery_records import UnhandledUpdate

DeleteOption = Annotated[bool, typer.Option("--delete", help="Delete what is kept of them.")]
SHOWN_CHARS = 300


def unhandled(
    context: typer.Context,
    delete: DeleteOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
    as_json: JsonOption = False,  # noqa: FBT002 (as above)
) -> None:
    """Show the updates from chat platforms that could not be handled.

    The latest hundred are kept, for a bug report. Delete them when the bug is fixed: they may hold private words.

    Example: scrubjay unhandled
    """
    settings: Settings = context.obj
    if delete:
        typer.echo(gettext("Deleted: {number}.", number=asyncio.run(_delete(settings))))
        return
    updates = asyncio.run(_read(settings))
    if as_json:
        print_json([_as_json(update) for update in updates])
    elif not updates:
        typer.echo(gettext("Every update was handled."))
    for update in () if as_json else updates:
        where = f"{update.platform}:{update.conversation}" if update.conversation else update.platform
        typer.echo(printable(f"{update.met_at:%Y-%m-%d %H:%M} UTC  {where}  {update.problem}"))
        typer.echo(printable(f"    {update.payload[:SHOWN_CHARS]}"))


def _as_json(update: UnhandledUpdate) -> dict[str, str]:
    return {
        "platform": update.platform,
        "conversation": update.conversation,
        "problem": update.problem,
        "met_at": update.met_at.isoformat(),
        "payload": update.payload,
    }


async def _read(settings: Settings) -> Sequence[UnhandledUpdate]:
    async with open_ledger(settings.store) as ledger:
        return await ledger.unhandled_updates.read_all()


async def _delete(settings: Settings) -> int:
    async with open_ledger(settings.store) as ledger:
        return await ledger.unhandled_updates.delete_all()
