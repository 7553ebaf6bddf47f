"""/learn: read in the background what is said here, keep what lasts as facts, show it, and let it be undone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot import CommandError, Context, Fact, JobContext, Passage, Plugin, Reply, command, job
from bot.answering import as_data
from bot.errors import ModelServerError
from bot.translation import gettext, gettext_noop
from plugins.facts.reading import learn_from

logger = logging.getLogger(__name__)

_READ_UP_TO = "read up to"
_QUIETLY = "quietly"
_FORWARDED = "(forwarded: "
_SHOWN_CHARS = 160
_NO_MODEL = gettext_noop("I need a language model for that: `scrubjay model` finds one.")
_OWNER_DECIDES = gettext_noop("In a group, only my owner can decide whether I learn from what is said.")


class FactsPlugin(Plugin):
    """Learns lasting facts from messages, in conversations where it was asked to."""

    name = "facts"

    class Settings(BaseModel):
        """How often new messages are read, how many at a time, and how often the model is asked about them."""

        model_config = ConfigDict(extra="forbid")

        minutes: int = Field(default=10, ge=1, le=1440)
        messages: int = Field(default=200, ge=1, le=2000)
        requests: int = Field(default=60, ge=1, le=1000)

    settings: Settings

    @command("learn", "let me find lasting facts in what is said here, or stop it; without a word: how it is")
    async def learn(
        self,
        context: Context,
        switch: Annotated[Literal["", "on", "quietly", "off"], "on, quietly (no notes), off"] = "",
    ) -> str:
        """Switch learning here, or tell how it is switched and what was learnt last."""
        if not switch:
            return await self._describe_state(context)
        if context.message.conversation.kind == "group" and not context.is_owner:
            raise CommandError(gettext(_OWNER_DECIDES))
        planned = await self._list_planned(context)
        for number in planned:
            await context.jobs.cancel(number)
        if switch == "off":
            return gettext(
                "I no longer look for facts here. /facts lists what I keep, /unlearn takes back what I learnt."
            )
        if not self.model.is_there:
            raise CommandError(gettext(_NO_MODEL))
        every = timedelta(minutes=self.settings.minutes)
        await context.later(self.read, every, {_QUIETLY: switch == _QUIETLY}, repeats=every)
        if not planned:  # what is new since the last reading is still to be read
            await context.store.here.set(_READ_UP_TO, context.message.sent_at.isoformat())
        notes = "" if switch == _QUIETLY else gettext(" and tell you what I found")
        return gettext(
            "From now on I read what is said here every {minutes} minutes for lasting facts{notes}. "
            "/facts lists them, /unlearn takes them back, /learn off ends it.",
            minutes=self.settings.minutes,
            notes=notes,
        )

    @command("unlearn", "take back facts that I learnt by myself, by number; what they replaced holds again")
    async def unlearn(self, context: Context, *numbers: Annotated[int, "numbers from /facts or my notes"]) -> str:
        """Take facts back."""
        if not numbers:
            raise CommandError(
                gettext("Give the numbers of the facts to take back, such as “/unlearn 12”. /facts lists them.")
            )
        gone = await context.memory.unlearn(numbers)
        if not gone:
            raise CommandError(
                gettext("I didn't learn that by myself here, or it isn't yours. /forget removes other facts.")
            )
        return gettext("Taken back: {numbers}.", numbers=", ".join(map(str, gone)))

    @job
    async def read(self, context: JobContext) -> Reply | None:
        """Read what is new here, keep the facts in it, and tell of them where that was asked for."""
        memory, store = context.memory, context.store.here
        if not (memory.keeps and self.model.is_there):
            return None
        since = await store.get(_READ_UP_TO, context.now, type=datetime)
        said = await memory.list_said_here(since=since, until=context.now, limit=self.settings.messages, earliest=True)
        learnt: list[tuple[Fact, str]] = []
        try:
            async for passage, found in learn_from(self.model, _own_words(said), self.settings.requests):
                for each in found:
                    fact = await memory.learn(each.statement, each.evidence.id, key=each.key)
                    learnt += [] if fact is None else [(fact, passage.author)]
                await store.set(_READ_UP_TO, _after(passage))
        except ModelServerError as error:
            logger.warning("What was said is read for facts later: %s", error)
        else:
            if said and not _own_words(said):
                await store.set(_READ_UP_TO, _after(said[-1]))
        quietly = isinstance(context.payload, dict) and context.payload.get(_QUIETLY)
        return None if quietly or not learnt else _note(learnt)

    async def _list_planned(self, context: Context) -> list[int]:
        here = context.message.conversation
        known = await context.jobs.list_planned()
        return [
            each.id
            for each in known
            if (each.conversation.platform, each.conversation.key) == (here.platform, here.key)
        ]

    async def _describe_state(self, context: Context) -> str:
        is_on = bool(await self._list_planned(context))
        learnt = await context.memory.learnt_here(limit=10)
        head = (
            gettext("I look for lasting facts in what is said here.")
            if is_on
            else gettext("I don't look for facts here; /learn on.")
        )
        return "\n".join([head, *(f"- {each.id}: {as_data(each.author)}: “{_show(each.text)}”" for each in learnt)])


def _own_words(said: Sequence[Passage]) -> list[Passage]:
    """Return what people say in their own words: what they forward is a stranger's."""
    return [each for each in said if each.kind == "message" and _FORWARDED not in each.text]


def _after(passage: Passage) -> str:
    return (passage.said_at.astimezone(UTC) + timedelta(microseconds=1)).isoformat()


def _note(learnt: Sequence[tuple[Fact, str]]) -> Reply:
    lines = [f"- {fact.passage_id}: {as_data(author)}: “{_show(fact.statement)}”" for fact, author in learnt]
    text = "\n".join([gettext("I noted:"), *lines, "", gettext("/unlearn and a number takes one back.")])
    return Reply(text, drawn_from=tuple(fact.passage_id for fact, _ in learnt))


def _show(text: str) -> str:
    line = as_data(text)
    return line if len(line) <= _SHOWN_CHARS else line[: _SHOWN_CHARS - 1] + "…"
