"""Rolls dice: /roll 2d6, or "roll 2d6" in the middle of a sentence.

One file is the whole plugin. Installed as a package it is found by its entry point; copied into the folder `plugins`
of the bot's data it is found there, and runs once its owner has enabled it.
"""

from __future__ import annotations

import random
import re
from typing import Annotated

from pydantic import BaseModel, Field

from bot import CommandError, Context, Plugin, command, on_message

_DICE = re.compile(r"(\d{1,3})?d(\d{1,4})")
_MOST_DICE = 100


class Dice(Plugin):
    """Rolls dice, and remembers everybody's best roll."""

    name = "dice"

    class Settings(BaseModel):
        """What can be set in [plugins.settings.dice], or with /plugins set dice."""

        default: str = Field("1d6", pattern=_DICE.pattern, description="what /roll alone rolls")
        seed: int | None = Field(None, description="makes the rolls the same each time, for tests")

    settings: Settings

    def __init__(self, settings: BaseModel | None = None) -> None:
        super().__init__(settings)
        self._random = random.Random(self.settings.seed)

    @command("roll", "roll dice", aliases=("r",))
    async def roll(self, context: Context, dice: Annotated[str, "how many and which, such as 2d6"] = "") -> str:
        """Roll what is asked for."""
        wanted = _DICE.fullmatch(dice or self.settings.default)
        if wanted is None:
            raise CommandError(f"“{dice[:20]}” are not dice; write 2d6 for two dice with six sides.")
        return await self._rolled(context, wanted)

    @on_message(r"\broll \d{0,3}d\d{1,4}\b", addressed=True)
    async def overhear(self, context: Context) -> str | None:
        """Roll what is asked for in a sentence that is meant for the bot."""
        wanted = _DICE.search(context.message.text)
        return None if wanted is None else await self._rolled(context, wanted)

    @command("best", "your best roll")
    async def best(self, context: Context) -> str:
        """Show the best roll of whoever asks, in all their chats."""
        best = await context.store.mine.get("best", type=int)
        return "You have not rolled yet." if best is None else f"Your best roll is {best}."

    async def _rolled(self, context: Context, wanted: re.Match[str]) -> str:
        count, sides = int(wanted[1] or 1), int(wanted[2])
        if not 1 <= count <= _MOST_DICE or sides < 2:
            raise CommandError(f"I roll 1 to {_MOST_DICE} dice with at least two sides each.")
        rolls = [self._random.randint(1, sides) for _ in range(count)]
        best = await context.store.mine.get("best", 0, type=int)
        if sum(rolls) > best:
            await context.store.mine.set("best", sum(rolls))
        return str(rolls[0]) if count == 1 else f"{' + '.join(map(str, rolls))} = {sum(rolls)}"
