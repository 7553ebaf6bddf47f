"""The command `conversations`: what is remembered, conversation by conversation, and the imports it came with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

import typer
from rich.console import Console
from rich.table import Table

from bot.answering.opening import open_memory
from bot.commands.listing import cell, listing
from bot.commands.options import JsonOption, ScopeChoice, ScopeOption, scope_of
from bot.commands.show import when
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.translation import format_number, gettext
from memory import ConversationSummary, Import

Found = tuple[list[ConversationSummary], list[Import]]


def conversations(
    context: typer.Context,
    scope: ScopeOption = ScopeChoice.OWN,
    as_json: JsonOption = False,  # noqa: FBT002 (typer makes the option of the parameter)
) -> None:
    """List what is remembered, per conversation: its source, people, time span, messages, and how many are embedded.

    Example: scrubjay conversations
    """
    settings: Settings = context.obj
    summaries, imports = asyncio.run(_find(settings, scope))
    if as_json:
        print_json([_record(summary, imports) for summary in summaries])
        return
    if not summaries:
        typer.echo(gettext("Nothing is remembered yet; `scrubjay import FILE` takes in a chat's history."))
        return
    console, zone = Console(highlight=False), settings.time.zone
    console.print(_conversation_table(summaries, imports, zone))
    if imports:
        console.print()
        console.print(_import_table(imports, zone))
        console.print(gettext("[dim]`scrubjay forget --import ID` undoes an import whole.[/]"))


async def _find(settings: Settings, choice: ScopeChoice) -> Found:
    async with open_memory(settings) as memory:
        scope = await scope_of(memory, choice)
        return await memory.conversations.summarize(scope), await memory.imports.select(scope)


def _conversation_table(summaries: Sequence[ConversationSummary], imports: Sequence[Import], zone: tzinfo) -> Table:
    rows = []
    for summary in summaries:
        place = summary.conversation
        brought = _imports_of(summary, imports)
        source = place.platform + (gettext(" (import {str})", str=", ".join(map(str, brought))) if brought else "")
        counts = format_number(summary.messages), _share(summary), format_number(summary.people)
        rows.append((str(place.id), place.title, source, *counts, *_span(summary.first, summary.last, zone)))
    return _fill(listing("id", "title", "source", "messages", "embedded", "people", "first", "last"), rows)


def _import_table(imports: Sequence[Import], zone: tzinfo) -> Table:
    rows = [
        (
            str(each.id),
            each.source,
            format_number(each.messages),
            when(each.begun_at, zone),
            "" if each.ended_at else gettext("broke off"),
        )
        for each in imports
    ]
    return _fill(listing("import", "from", "messages", "on", ""), rows)


def _fill(table: Table, rows: Iterable[Iterable[str]]) -> Table:
    for row in rows:
        table.add_row(*map(cell, row))
    return table


def _span(first: datetime | None, last: datetime | None, zone: tzinfo) -> tuple[str, str]:
    return when(first, zone) if first else "", when(last, zone) if last else ""


def _share(summary: ConversationSummary) -> str:
    """Return how much of a conversation is found by meaning, its files and facts included."""
    return (
        gettext("all")
        if summary.embedded >= summary.passages
        else gettext(
            "{embedded} of {passages}",
            embedded=format_number(summary.embedded),
            passages=format_number(summary.passages),
        )
    )


def _imports_of(summary: ConversationSummary, imports: Iterable[Import]) -> list[int]:
    return sorted(each.id for each in imports if summary.conversation.id in each.conversation_ids)


def _record(summary: ConversationSummary, imports: Sequence[Import]) -> dict[str, object]:
    place = summary.conversation
    return {
        "id": place.id,
        "title": place.title,
        "source": place.platform,
        "kind": place.kind,
        "people": summary.people,
        "messages": summary.messages,
        "passages": summary.passages,
        "embedded": summary.embedded,
        "first": summary.first.isoformat() if summary.first else None,
        "last": summary.last.isoformat() if summary.last else None,
        "imports": _imports_of(summary, imports),
    }
