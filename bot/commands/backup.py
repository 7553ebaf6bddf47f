"""The command `backup`: a copy of the memory, and whether a copy could be restored."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.answering.opening import open_memory
from bot.commands.encrypted_backup import KeyOption, make_new_key, open_backup
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.jobs.age_files import check_recipients
from bot.jobs.backups import list_backups, write_backup
from bot.translation import format_number, gettext
from memory import Scope
from memory.databases import restore_backup

Target = Annotated[
    Path | None,
    typer.Argument(
        metavar="FILE", help="The file to write; it must not exist yet. With --check an existing one is only checked."
    ),
]
Check = Annotated[bool, typer.Option("--check", help="Restore the copy into a scratch folder, and check it there.")]

RecipientOption = Annotated[
    list[str] | None,
    typer.Option("--recipient", metavar="KEY", help="Encrypt it for this public key of age; may be given again."),
]
NewKey = Annotated[
    Path | None,
    typer.Option("--new-key", metavar="FILE", help="Only make a key pair; the secret key goes into FILE."),
]


def backup(
    context: typer.Context,
    file: Target = None,
    check: Check = False,  # noqa: FBT002 (typer makes the option)
    recipient: RecipientOption = None,
    key: KeyOption = None,
    new_key: NewKey = None,
) -> None:
    """Back up the memory, even while the bot runs. `scrubjay restore` puts it back.

    Models and settings are not in it. `backup.folder` in the settings makes scheduled backups; --check without a
    FILE checks the latest of those. With --recipient, or `backup.recipients` in the settings, it is encrypted.

    Example: scrubjay backup scrubjay-2024-05-03.db --check
    """
    if new_key is not None:
        return make_new_key(new_key.expanduser())
    settings: Settings = context.obj
    file = _latest(settings) if file is None else file.expanduser()
    if not (check and file.exists()):
        asyncio.run(_write(settings, file, recipient or settings.backup.recipients))
        typer.echo(gettext("Wrote {file} ({size} bytes).", file=file, size=format_number(file.stat().st_size)))
    if check:
        with open_backup(file, key) as plain:
            found = asyncio.run(_check(settings, plain))
        typer.echo(gettext("Checked {file}: {found}", file=file, found=found))
    return None


def _latest(settings: Settings) -> Path:
    folder = settings.backup.folder
    if folder is None:
        raise CommandError(
            gettext("name a FILE; without one, --check takes the latest backup in `backup.folder`, which is not set")
        )
    backups = list(list_backups(folder).values())
    if not backups:
        raise CommandError(gettext("there is no backup in {folder} yet", folder=folder))
    return backups[-1]


async def _write(settings: Settings, file: Path, recipients: Sequence[str]) -> None:
    check_recipients(recipients)
    async with open_memory(settings) as memory:
        await write_backup(memory, file, recipients)


async def _check(settings: Settings, file: Path) -> str:
    """Restore a backup where nothing else is, look through all of it, and say what is in it. Raises CommandError."""
    with tempfile.TemporaryDirectory(prefix="scrubjay-check-") as scratch:
        elsewhere = settings.model_copy(
            update={
                "data": settings.data.model_copy(update={"dir": Path(scratch)}),
                "memory": settings.memory.model_copy(update={"store": None}),
            }
        )
        restore_backup(file, elsewhere.database, elsewhere.database.with_name("aside.db"))
        async with open_memory(elsewhere) as memory:
            if problems := await memory.upkeep.check():
                raise CommandError(
                    gettext(
                        "{file} can be restored, but is damaged: {problems}", file=file, problems="; ".join(problems)
                    )
                )
            summaries = await memory.conversations.summarize(Scope.all())
    count = sum(each.passages for each in summaries)
    return gettext(
        "it can be restored, and nothing in it is damaged. Memories: {memories}, conversations: {conversations}.",
        memories=format_number(count),
        conversations=format_number(len(summaries)),
    )
