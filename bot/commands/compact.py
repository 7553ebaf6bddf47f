"""The command `compact`: gives back the room of what was forgotten."""

from __future__ import annotations

import asyncio

import typer

from bot.answering.opening import open_memory
from bot.commands.usage import describe_bytes
from bot.configuration.settings import Settings
from bot.translation import gettext


def compact(context: typer.Context) -> None:
    """Shrink the memory's file by the space of what was forgotten. It needs as much free space as the file takes.

    You can run it while the bot runs; the bot waits meanwhile.

    Example: scrubjay compact
    """
    settings: Settings = context.obj
    before, after = asyncio.run(_compact(settings))
    typer.echo(
        gettext(
            "{database}: {before} before, {after} now.",
            database=settings.store,
            before=describe_bytes(before),
            after=describe_bytes(after),
        )
    )


async def _compact(settings: Settings) -> tuple[int, int]:
    """Return the database's size before and afterwards."""
    async with open_memory(settings) as memory:
        before = await memory.upkeep.measure()
        await memory.upkeep.compact()
        return before, await memory.upkeep.measure()
