"""The command `audit`: who decided what."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from bot.access.audit_words import describe_action, describe_subject
from bot.commands.listing import cell, listing
from bot.commands.options import JsonOption
from bot.commands.show import when
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.translation import gettext
from memory.access_records import AuditEntry
from memory.databases import open_ledger

Limit = Annotated[int, typer.Option("--limit", min=1, help="How many, the latest first.")]


def audit(context: typer.Context, limit: Limit = 50, as_json: JsonOption = False) -> None:  # noqa: FBT002 (typer makes the options)
    """List who granted or denied access, made codes or forgot memories; never what was said.

    Example: scrubjay audit
    """
    settings: Settings = context.obj
    entries = asyncio.run(_read(settings, limit))
    if as_json:
        print_json(
            [
                {"at": each.at.isoformat(), "actor": each.actor, "action": each.action, "subject": each.subject}
                for each in entries
            ]
        )
        return
    if not entries:
        typer.echo(gettext("Nobody has been granted or denied access, and nothing was forgotten."))
        return
    table = listing("when", "who", "did", "what")
    for each in entries:
        table.add_row(
            when(each.at, settings.time.zone), cell(each.actor), describe_action(each), cell(describe_subject(each))
        )
    Console(highlight=False).print(table)


async def _read(settings: Settings, limit: int) -> list[AuditEntry]:
    async with open_ledger(settings.store) as ledger:
        return await ledger.audit.read_latest(limit)
