"""The command `memories`: what is remembered, listed or searched."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import typer

from bot.answering.opening import open_memory
from bot.commands.options import JsonOption, ScopeChoice, ScopeOption, scope_of
from bot.commands.passage_list import passage_record, print_passages
from bot.commands.selecting import find_conversation
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.translation import gettext
from memory import RECALLABLE, Passage, Scope, Selection, keep_finds

Search = Annotated[str | None, typer.Option(metavar="QUESTION", help="Find by words and meaning, the best first.")]
Matching = Annotated[str | None, typer.Option(metavar="TEXT", help="Only what contains this text.")]
ConversationOption = Annotated[
    str | None, typer.Option("--conversation", help="Only this conversation: its id or title.")
]
PersonOption = Annotated[str | None, typer.Option("--person", help="Only what this person said.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many.")]


@dataclass(frozen=True, slots=True)
class MemoriesRequest:
    """What to list."""

    search: str | None
    matching: str | None
    conversation: str | None
    person: str | None
    limit: int


def memories(
    context: typer.Context,
    search: Search = None,
    matching: Matching = None,
    conversation: ConversationOption = None,
    person: PersonOption = None,
    limit: Limit = 20,
    scope: ScopeOption = ScopeChoice.OWN,
    as_json: JsonOption = False,  # noqa: FBT002 (as above)
) -> None:
    """List what is remembered, newest first, or search it.

    Example: scrubjay memories --search "hotel in Lisbon"
    """
    settings: Settings = context.obj
    request = MemoriesRequest(search, matching, conversation, person, limit)
    found = asyncio.run(_find(settings, scope, request))
    if as_json:
        print_json([passage_record(passage) | ({} if score is None else {"score": score}) for passage, score in found])
    elif found:
        print_passages((passage for passage, _ in found), settings.time.zone)
    else:
        typer.echo(gettext("Nothing that is remembered matches."))


async def _find(
    settings: Settings, choice: ScopeChoice, request: MemoriesRequest
) -> list[tuple[Passage, float | None]]:
    async with open_memory(settings) as memory:
        scope = await scope_of(memory, choice)
        if request.conversation:
            scope = Scope.of_conversation((await find_conversation(memory, scope, request.conversation)).id)
        selection = Selection(matching=request.matching, person=request.person, kinds=RECALLABLE)
        if request.search is None:
            return [(passage, None) for passage in await memory.passages.select(scope, selection, limit=request.limit)]
        now = datetime.now(settings.time.zone)
        recalled = keep_finds(await memory.recall(request.search, scope, now=now, limit=request.limit))
        ids = tuple(each.passage.id for each in recalled)
        fitting = (
            await memory.passages.select(scope, replace(selection, passage_ids=ids), limit=request.limit) if ids else []
        )
        return [(each.passage, round(each.score, 4)) for each in recalled if each.passage in fitting]
