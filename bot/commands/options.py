"""Options that several commands share, so that they are spelt and explained alike."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from bot.app import owner_of
from memory import Memory, Scope


class Reach(StrEnum):
    """What --scope takes."""

    OWN = "own"
    ALL = "all"


ScopeOption = Annotated[Reach, typer.Option("--scope", help="own: your chats and imports; all: everybody's as well.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


async def scope_of(memory: Memory, reach: Reach) -> Scope:
    """Return what this machine's owner reads: their own direct chats and imports, or everything."""
    return Scope.all() if reach is Reach.ALL else Scope.of_owner((await owner_of(memory)).id)
