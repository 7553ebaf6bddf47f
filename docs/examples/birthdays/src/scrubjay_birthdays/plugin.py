"""The plugin: commands that keep birthdays, a job that congratulates, and a reader of contacts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC
from typing import Annotated

from pydantic import BaseModel, Field

from bot import CommandError, Context, JobContext, Plugin, command, job, reads
from bot.errors import FileUnreadable
from bot.reading import IncomingFile, Piece, ReadItem
from scrubjay_birthdays.days import Day, read_day
from scrubjay_birthdays.vcard import birthdays

_MOST_BYTES = 20_000_000


class Birthdays(Plugin):
    """Keeps birthdays, and says when one has come."""

    name = "birthdays"

    class Settings(BaseModel):
        """What can be set in [plugins.settings.birthdays]."""

        hour: int = Field(9, ge=0, le=23, description="the hour at which to congratulate")

    settings: Settings

    @command("birthday", "keep a birthday: /birthday Mara 3 May")
    async def birthday(
        self,
        context: Context,
        name: Annotated[str, "whose it is, in quotes if it has blanks"],
        day: Annotated[str, "when it is, such as 3 May or 05-03"],
    ) -> str:
        """Keep a birthday in this conversation, and plan to say when it has come."""
        known = read_day(day)
        if known is None:
            raise CommandError(f"“{day[:30]}” is not a day; write it as 3 May, or 05-03.")
        await context.store.here.set(name, known)
        await self._cancel(context, name)
        zone = context.zone or UTC
        when = known.after(context.message.sent_at, self.settings.hour, zone)
        await context.later(self.congratulate, when, {"name": name}, repeats=f"0 {self.settings.hour} {known.cron} *")
        return f"I keep in mind that {name}'s birthday is {known}."

    @command("birthdays", "list the birthdays kept here")
    async def list_birthdays(self, context: Context) -> str:
        """List them from January to December."""
        kept = await context.store.here.items(type=Day)
        days = sorted((day, name) for name, day in kept.items())
        return "\n".join(f"- {day}: {name}" for day, name in days) or "I keep no birthdays here yet."

    @job
    async def congratulate(self, context: JobContext) -> str | None:
        """Congratulate where the birthday was kept; a day late is too late."""
        if context.late_by.days:
            return None
        return f"🎂 Happy birthday, {context.payload_as(dict[str, str])['name']}!"

    @reads("text/vcard", "text/x-vcard", endings=(".vcf",))
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        """Read the birthdays in contacts, so that questions about them are answered."""
        if file.size > _MOST_BYTES:
            raise FileUnreadable(
                f"{file.name} has more than {_MOST_BYTES // 1_000_000} MB; which is too many contacts."
            )
        try:
            text = file.path.read_text("utf-8", "replace")
            for name, day in birthdays(text):
                yield Piece(f"{name}'s birthday is {day}.", locator=name)
        except ValueError as error:
            raise FileUnreadable(f"{file.name} can't be read: {error}.") from error

    async def _cancel(self, context: Context, name: str) -> None:
        for planned in await context.jobs.list_planned():
            if planned.name == "congratulate" and planned.payload == {"name": name}:
                await context.jobs.cancel(planned.id)
