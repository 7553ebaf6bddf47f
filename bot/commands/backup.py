"""The command `backup`: a copy of the memory."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.answering.opening import open_memory
from bot.configuration.settings import Settings

Target = Annotated[Path, typer.Argument(metavar="FILE", help="Where to; it must not exist yet.")]


def backup(context: typer.Context, file: Target) -> None:
    """Write a copy of the memory, also while the bot runs. `scrubjay restore` puts it back.

    Models and settings are not in it.

    Example: scrubjay backup scrubjay-2024-05-03.db
    """
    asyncio.run(_backup(context.obj, file.expanduser()))
    typer.echo(f"Wrote {file} ({file.expanduser().stat().st_size:,} bytes).")


async def _backup(settings: Settings, file: Path) -> None:
    async with open_memory(settings) as memory:
        await memory.upkeep.back_up(file)
