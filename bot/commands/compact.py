"""The command `compact`: gives back the room of what was forgotten."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from bot.answering.opening import open_memory
from bot.commands.usage import describe_bytes
from bot.configuration.settings import Settings


def compact(context: typer.Context) -> None:
    """Rewrite the memory's file without the room of what was forgotten. It needs as much free space as the file takes.

    Also while the bot runs, which waits meanwhile.

    Example: scrubjay compact
    """
    settings: Settings = context.obj
    before = _size(settings.database)
    asyncio.run(_compact(settings))
    after = _size(settings.database)
    typer.echo(f"{settings.database}: {describe_bytes(before)} before, {describe_bytes(after)} now.")


async def _compact(settings: Settings) -> None:
    async with open_memory(settings) as memory:
        await memory.upkeep.compact()


def _size(database: Path) -> int:
    files = (database.with_name(database.name + end) for end in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
