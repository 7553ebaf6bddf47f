"""The command `export`: everything that is remembered, as lines of JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.progress import SpinnerColumn, TextColumn

from bot.answering.opening import open_memory
from bot.commands.options import ScopeChoice, ScopeOption, scope_of
from bot.commands.progress import progress
from bot.commands.transfer import every_passage, export_record
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.translation import gettext
from memory.private_files import write_whole

Target = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="The file to write; standard output if left out.")
]


def export(context: typer.Context, file: Target = None, scope: ScopeOption = ScopeChoice.OWN) -> None:
    """Export everything that is remembered as lines of JSON, oldest first.

    Each line holds id, text, author, said_at (ISO 8601), kind, conversation (platform, id, title, kind), event_id,
    reply_to, link and locator; of a fact also key (what it is about) and valid_to (until when it held).

    Example: scrubjay export memories.jsonl
    """
    if file is None:
        asyncio.run(_export(context.obj, scope, sys.stdout))
        return
    with whole_file(file) as target:
        count = asyncio.run(_export(context.obj, scope, target))
    typer.echo(gettext("Wrote {count} memories to {file}.", count=count, file=file), err=True)


async def _export(settings: Settings, choice: ScopeChoice, target: TextIO) -> int:
    count = 0
    bar = progress(SpinnerColumn(), TextColumn("{task.completed:,} memories"))
    async with open_memory(settings) as memory:
        scope = await scope_of(memory, choice)
        with bar:
            task = bar.add_task("", total=None)
            async for passage in every_passage(memory, scope):
                target.write(json.dumps(export_record(passage), ensure_ascii=False) + "\n")
                count += 1
                bar.advance(task)
    return count


@contextmanager
def whole_file(file: Path) -> Iterator[TextIO]:
    """Write a new file that is there only if it is whole."""
    try:
        with write_whole(file) as part, part.open("w", encoding="utf-8") as target:
            yield target
    except FileExistsError as error:
        raise CommandError(gettext("{file} exists already; choose another file", file=file)) from error
