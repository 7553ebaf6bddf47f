"""The commands `access list`, `allow` and `deny`: what owners decide in chats, from the machine itself."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Literal

import typer
from rich.console import Console

from bot.access.policy import MACHINE_OWNER, Role
from bot.access.setup import open_policy
from bot.commands.listing import cell, listing
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.translation import gettext
from memory.access_records import Grant, GrantedRole, GrantKind
from memory.databases import open_ledger

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Decide who may talk with the bot; changes take effect at once.",
)

Who = Annotated[str, typer.Argument(metavar="PLATFORM:ID", help="An account, a group or a workspace.")]
Kind = Annotated[Literal["person", "conversation", "workspace"], typer.Option(help="What it is.")]
AsRole = Annotated[Role, typer.Option(help="What they may do.")]
Name = Annotated[str, typer.Option(help="What to call it in lists.")]


@app.command("list")
def list_grants(context: typer.Context, as_json: JsonOption = False) -> None:  # noqa: FBT002 (typer makes the options)
    """List what was decided in chats and here, and the people named in the settings.

    Example: scrubjay access list
    """
    grants = asyncio.run(_grants(context.obj))
    if as_json:
        print_json([asdict(grant) for grant in grants])
        return
    table = listing("role", "kind", "who", "name")
    for grant in grants:
        table.add_row(grant.role, grant.kind, cell(f"{grant.platform}:{grant.external_id}"), cell(grant.name))
    Console(highlight=False).print(table)


@app.command()
def allow(context: typer.Context, who: Who, kind: Kind = "person", role: AsRole = Role.MEMBER, name: Name = "") -> None:
    """Let a person, everybody in a group, or everybody in a workspace talk with the bot.

    Example: scrubjay access allow telegram:123456
    """
    if role is Role.OWNER and kind != "person":
        raise CommandError(gettext("only a person can own the bot"))
    typer.echo(_describe_decision(context.obj, who, kind, role.value, name))


@app.command()
def deny(context: typer.Context, who: Who, kind: Kind = "person") -> None:
    """Deny somebody access. What they said before stays until it is forgotten.

    Example: scrubjay access deny telegram:123456
    """
    typer.echo(_describe_decision(context.obj, who, kind, "denied", ""))


def _describe_decision(settings: Settings, who: str, kind: GrantKind, role: GrantedRole, name: str) -> str:
    platform, colon, external_id = who.partition(":")
    if not (platform and colon and external_id):
        raise CommandError(
            gettext('"{who}" is not an account: write it as platform:id, such as telegram:123456', who=who)
        )
    if kind == "person" and who in settings.access.owners and role != "owner":
        raise CommandError(gettext("the settings make {who} an owner; change that in access.owners", who=who))
    asyncio.run(_keep(settings, Grant(platform, kind, external_id, role, name)))
    return gettext("{who} ({kind}) is {role} from now on.", who=who, kind=kind, role=role)


async def _keep(settings: Settings, grant: Grant) -> None:
    async with open_ledger(settings.store) as ledger:
        await ledger.grants.keep(grant)
        subject = f"{grant.kind} {grant.platform}:{grant.external_id} is {grant.role}"
        await ledger.audit.add(":".join(MACHINE_OWNER), "decided", subject)


async def _grants(settings: Settings) -> list[Grant]:
    async with open_ledger(settings.store) as ledger:
        return await open_policy(settings.access, ledger).decisions()
