"""The command `stats`: a conversation in numbers, on the terminal or as a page."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.answering.opening import open_memory
from bot.commands.options import ScopeChoice, ScopeOption, scope_of
from bot.commands.selecting import find_conversation
from bot.commands.statistics.counts import Counting, Counts
from bot.commands.statistics.page import page
from bot.commands.statistics.terminal import show
from bot.commands.transfer import every_passage
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.translation import gettext
from memory import Scope

Which = Annotated[str, typer.Argument(metavar="CONVERSATION", help="Its id or title, as `conversations` lists it.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write one self-contained page instead.")]


def stats(context: typer.Context, conversation: Which, html: Html = None, scope: ScopeOption = ScopeChoice.OWN) -> None:
    """Show a conversation in numbers: over time, by person, hour and weekday, words, emoji, time to answer.

    Example: scrubjay stats "Lisbon trip" --html trip.html
    """
    counts = asyncio.run(_count(context.obj, scope, conversation))
    if html is None:
        show(Console(), counts)
        return
    if html.is_dir():
        raise CommandError(gettext("{html} is a folder; name a file in it", html=html))
    with os.fdopen(os.open(html, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as target:
        target.write(page(counts))
    typer.echo(gettext("Wrote {html}.", html=html), err=True)


async def _count(settings: Settings, choice: ScopeChoice, wanted: str) -> Counts:
    async with open_memory(settings) as memory:
        place = await find_conversation(memory, await scope_of(memory, choice), wanted)
        counting = Counting(place.title or wanted, settings.time.zone)
        async for passage in every_passage(memory, Scope.of_conversation(place.id)):
            counting.add((passage,))
    return counting.counts
