"""The command `documents`: the files that were read."""

from __future__ import annotations

import asyncio

import typer
from rich.console import Console

from bot.answering.opening import open_memory
from bot.commands.listing import cell, listing
from bot.commands.options import JsonOption, ScopeChoice, ScopeOption, scope_of
from bot.commands.show import when
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.translation import format_number
from memory import DocumentSummary


def documents(
    context: typer.Context,
    scope: ScopeOption = ScopeChoice.OWN,
    as_json: JsonOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
) -> None:
    """List the files that were read, latest first, and what was left out of each.

    `scrubjay forget --document ID` forgets one whole.

    Example: scrubjay documents
    """
    settings: Settings = context.obj
    found = asyncio.run(_documents(settings, scope))
    if as_json:
        print_json([_record(each) for each in found])
    else:
        _show(found, settings)


async def _documents(settings: Settings, choice: ScopeChoice) -> list[DocumentSummary]:
    async with open_memory(settings) as memory:
        return await memory.documents.summarize(await scope_of(memory, choice))


def _record(summary: DocumentSummary) -> dict[str, object]:
    document = summary.document
    return {
        "id": document.id,
        "name": document.name,
        "media_type": document.media_type,
        "passages": summary.passages,
        "read_at": document.added_at.isoformat(),
        "source": document.source,
        "notes": list(document.notes),
        "conversation": summary.conversation.title,
        "conversation_id": summary.conversation.id,
    }


def _show(found: list[DocumentSummary], settings: Settings) -> None:
    table = listing("id", "name", "passages", "read", "where")
    for each in found:
        document = each.document
        read = when(document.added_at, settings.time.zone)
        cells = (str(document.id), document.name, format_number(each.passages), read, each.conversation.title)
        table.add_row(*map(cell, cells))
    console = Console(highlight=False)
    console.print(table)
    for each in found:
        if each.document.notes:
            console.print(cell(f"{each.document.id}: {' '.join(each.document.notes)}"))
