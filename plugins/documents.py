"""The command /documents: the files that were read, and forgetting one whole."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot import CommandError, Context, Plugin, command
from bot.translation import format_day, format_number, gettext, ngettext

_LONGEST_NAME = 80


class DocumentsPlugin(Plugin):
    """Lists the files that the asking person may see, and forgets those that are theirs."""

    name = "documents"

    class Settings(BaseModel):
        """How many are listed at once."""

        model_config = ConfigDict(extra="forbid")

        listed: int = Field(default=20, ge=1, le=100)

    settings: Settings

    @command("documents", "list the files I have read; “/documents forget 3” forgets one whole")
    async def documents(
        self, context: Context, what: Annotated[str, "part of a name, or “forget” and a number"] = ""
    ) -> str:
        """List documents by their numbers, or forget one."""
        word, _, rest = what.strip().partition(" ")
        if word.casefold() == "forget":
            return await self._forget(context, rest.strip().lstrip("#"))
        return await self._list(context, what.strip().casefold())

    async def _list(self, context: Context, wanted: str) -> str:
        found = [each for each in await context.memory.documents() if wanted in each.document.name.casefold()]
        if not found:
            return (
                gettext("I haven't read a file of that name.")
                if wanted
                else gettext("I haven't read any files yet. Send me one.")
            )
        lines = []
        for each in found[: self.settings.listed]:
            read = each.document.added_at.astimezone(context.zone)
            passages = ngettext("{number} passage", "{number} passages", each.passages)
            named = gettext(
                "- {id}: {name} ({passages}, read {day})",
                id=each.document.id,
                name=_one_line(each.document.name),
                passages=passages,
                day=format_day(read),
            )
            lines.append(" ".join([named, *each.document.notes]))
        more = len(found) - self.settings.listed
        return "\n".join([*lines, *([gettext("… and {number} more", number=format_number(more))] if more > 0 else [])])

    async def _forget(self, context: Context, number: str) -> str:
        if not number.isdecimal():
            raise CommandError(gettext("Say which: /documents forget 3, by its number in /documents."))
        known = {each.document.id: each.document.name for each in await context.memory.documents()}
        receipt = await context.memory.forget_document(int(number))
        gone = ngettext("{number} text", "{number} texts", receipt.passages)
        return gettext(
            "Forgotten: {name}, {gone}.", name=_one_line(known.get(int(number), gettext("the document"))), gone=gone
        )


def _one_line(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
