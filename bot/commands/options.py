"""Options that several commands share, so that they are spelt and explained alike."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from memory import Memory, Scope


class ScopeChoice(StrEnum):
    """What --scope takes."""

    OWN = "own"
    ALL = "all"


ScopeOption = Annotated[
    ScopeChoice, typer.Option("--scope", help="own: your chats and imports; all: everybody's as well.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


async def scope_of(memory: Memory, choice: ScopeChoice) -> Scope:
    """Return what this machine's owner reads: their own direct chats and imports, under all accounts, or everything."""
    from bot.answering.opening import owner_of  # noqa: PLC0415 (whoever asks a running bot need not wait for it)
    from memory import Scope  # noqa: PLC0415 (as above)
    from memory.access_records import Account  # noqa: PLC0415 (as above)

    if choice is ScopeChoice.ALL:
        return Scope.all()
    owner = await owner_of(memory)
    linked = await memory.ledger.links.find_people(Account(owner.platform, owner.external_id))
    return Scope.of_owner(owner.id, *linked)
