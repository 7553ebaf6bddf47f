"""The commands `keys create`, `list` and `revoke`: what lets programs in over HTTP."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from bot.access.api_keys import ApiKeys
from bot.commands.listing import cell, listing
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.translation import gettext
from memory.access_records import ApiKey, KeyScope
from memory.databases import open_ledger

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Make, list and revoke the keys that programs use the API with.",
)


class KeyScopeChoice(StrEnum):
    """What --scope takes; the values are those of `KeyScope`."""

    OWN = "own"
    KEY = "key"
    ALL = "all"


Name = Annotated[str, typer.Argument(metavar="NAME", help="What to call it: the program or the device.")]
Scope = Annotated[
    KeyScopeChoice,
    typer.Option(
        "--scope",
        help="What it reads beside what it stores itself. own: your chats and imports; key: nothing more; "
        "all: everybody's chats as well.",
    ),
]


@app.command()
def create(
    context: typer.Context,
    name: Name,
    scope: Scope = KeyScopeChoice.OWN,
    as_json: JsonOption = False,  # noqa: FBT002 (typer makes the options)
) -> None:
    """Make a key, and show it this once: only its digest is kept.

    Example: scrubjay keys create phone
    """
    key = asyncio.run(_create(context.obj, name, scope.value))
    if as_json:
        print_json({"name": name, "key": key})
        return
    typer.echo(key)
    typer.echo(gettext("It is shown this once. Send it as “Authorization: Bearer …”, or sign in with it."), err=True)


@app.command("list")
def list_keys(context: typer.Context, as_json: JsonOption = False) -> None:  # noqa: FBT002 (typer makes the options)
    """List the keys; the keys themselves are not stored.

    Example: scrubjay keys list
    """
    keys = asyncio.run(_read_all(context.obj))
    if as_json:
        print_json([{"name": key.name, "scope": key.scope, "created_at": key.created_at.isoformat()} for key in keys])
        return
    table = listing("name", "scope", "created")
    for key in keys:
        table.add_row(cell(key.name), key.scope, f"{key.created_at:%Y-%m-%d}")
    Console(highlight=False).print(table)


@app.command()
def revoke(context: typer.Context, name: Name) -> None:
    """Revoke a key, at once. What was stored with it stays until it is forgotten.

    Example: scrubjay keys revoke phone
    """
    if not asyncio.run(_revoke(context.obj, name)):
        raise CommandError(gettext("there is no key called {name}; `scrubjay keys list` lists them", name=name))
    typer.echo(gettext("The key {name} is revoked.", name=name))


async def _create(settings: Settings, name: str, scope: KeyScope) -> str:
    async with open_ledger(settings.store) as ledger:
        return await ApiKeys(ledger).create(name, scope)


async def _read_all(settings: Settings) -> list[ApiKey]:
    async with open_ledger(settings.store) as ledger:
        return await ledger.api_keys.read_all()


async def _revoke(settings: Settings, name: str) -> bool:
    async with open_ledger(settings.store) as ledger:
        return await ledger.api_keys.revoke(name)
