"""The command `remember`: a fact from the machine's owner."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.answering.opening import open_memory, owner_of, owners_chat
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.translation import gettext
from memory import Entry, Fact
from memory.errors import StorageError

EMBEDDED_AT_ONCE = 64
"""With more waiting (a history that was just imported), embedding is left to `chat` or `run`."""

Text = Annotated[str, typer.Argument(metavar="TEXT", help='What to remember; "-" reads it from standard input.')]
Key = Annotated[str | None, typer.Option(help="What it is about: a newer fact with the same key replaces it.")]


def remember(
    context: typer.Context,
    text: Text,
    key: Key = None,
    as_json: JsonOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
) -> None:
    """Remember something.

    Example: scrubjay remember "The wifi password is tortoise42" --key "wifi password"
    """
    statement = (sys.stdin.read() if text == "-" else text).strip()
    if not statement:
        raise typer.BadParameter(gettext("there is nothing to remember: the text is empty"))
    fact, damage = asyncio.run(_remember(context.obj, statement, key))
    if damage:
        raise StorageError(
            gettext(
                "stored as {number}, but the database is damaged elsewhere, so that other memories "
                "may be lost ({damage}); restore a backup with `scrubjay restore FILE`, then remember "
                "this again",
                number=fact.passage_id,
                damage=damage[0],
            )
        )
    if as_json:
        print_json({"id": fact.passage_id, "key": fact.key, "text": fact.statement})
    else:
        typer.echo(gettext("Remembered as {number}.", number=fact.passage_id))


async def _remember(settings: Settings, text: str, key: str | None) -> tuple[Fact, list[str]]:
    async with open_memory(settings) as memory:
        owner = await owner_of(memory)
        entry = Entry(text, datetime.now(UTC), author=owner.name, author_id=owner.id, kind="fact")
        fact = await memory.facts.add(await owners_chat(memory), entry, key=key)
        if await memory.embeddings.count_pending() <= EMBEDDED_AT_ONCE:
            await memory.embeddings.embed_pending()
        return fact, await memory.upkeep.check_briefly()
