"""/catchup: what happened here since one was last there, in a model's words or in the messages that say most."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot import CommandError, Context, Passage, Plugin, Reply, command
from bot.answering import as_data, excerpts, moment_of, source_of, spoken_on
from bot.errors import ModelError
from bot.translation import gettext, gettext_noop, ngettext
from plugins.catchup.digest import Digest, can_digest, digest

logger = logging.getLogger(__name__)

_QUOTE_CHARS = 240
_MOST_NAMES = 4
_UNKNOWN_TIME = gettext_noop(
    "I can't tell when “{time}” is. Try “/catchup yesterday”, “/catchup since Monday”, “/catchup 3 hours” or "
    "“/catchup 14:30”."
)


class CatchupPlugin(Plugin):
    """Tells what happened in a conversation, with sources."""

    name = "catchup"

    class Settings(BaseModel):
        """How many messages are looked at, in how many parts a model reads them, how many are quoted without one."""

        model_config = ConfigDict(extra="forbid")

        messages: int = Field(default=1000, ge=10, le=10_000)
        parts: int = Field(default=12, ge=1, le=100)
        quotes: int = Field(default=8, ge=1, le=50)

    settings: Settings

    @command("catchup", "tell what happened here since you were last there, or since a time")
    async def catchup(
        self,
        context: Context,
        since: Annotated[str, "a time: yesterday, Monday, 3 hours; else since you last spoke"] = "",
    ) -> Reply | str:
        """Tell what happened since then."""
        now = context.message.sent_at.astimezone(context.zone or UTC)
        start = await self._start(context, since, now)
        said = await context.memory.list_said_here(since=start, until=now, limit=self.settings.messages + 1)
        when = spoken_on(start, now.tzinfo)
        if not said:
            return gettext("Nothing was said here since {when}.", when=when)
        more, said = len(said) > self.settings.messages, said[-self.settings.messages :]
        found = await self._summarize(context, said)
        if context.memory.keeps:
            await context.store.here.set(_mark(context), now)
        sources = tuple(source_of(number, passage) for number, passage in enumerate(found.sources, start=1))
        head = _head(said, found.read, when, more=more)
        return Reply(f"{head}\n\n{found.text}", sources, drawn_from=tuple(each.id for each in found.read))

    async def _start(self, context: Context, since: str, now: datetime) -> datetime:
        """Return the moment that is asked for, else when the person last spoke here or was caught up."""
        if since:
            start = moment_of(since, now)
            if start is None or start >= now:
                raise CommandError(gettext(_UNKNOWN_TIME, time=since[:80]))
            return start
        mark = await context.store.here.get(_mark(context), type=datetime)
        times = [] if mark is None else [mark]
        spoke = await context.memory.last_said_here()
        if spoke is not None and context.message.conversation.kind == "group":
            times.append(spoke + timedelta(microseconds=1))  # what they said themselves they know
        return max(times, default=now - timedelta(days=1)).astimezone(now.tzinfo)

    async def _summarize(self, context: Context, said: Sequence[Passage]) -> Digest:
        if not can_digest(self.model):
            return self._quote(said, "")
        await context.spend()
        try:
            async with context.growing() as grow:
                told = await digest(self.model, said, self.settings.parts, grow)
        except ModelError as error:
            logger.warning("%s could not tell what happened: %s", self.model.name, error)
            return self._quote(said, gettext("The language model can't tell it right now."))
        return told or self._quote(said, "")

    def _quote(self, said: Sequence[Passage], why: str) -> Digest:
        chosen = excerpts(said, self.settings.quotes)
        note = gettext("Note")
        lines = [f"- {each.author or note}: “{_shorten(each.text)}” [{n}]" for n, each in enumerate(chosen, start=1)]
        intro = gettext("These messages say most:") if len(chosen) < len(said) else gettext("All of it:")
        text = "\n".join([f"{why} {intro}".lstrip(), *lines])
        return Digest(text, tuple(chosen), tuple(said))


def _head(said: Sequence[Passage], read: Sequence[Passage], when: str, *, more: bool) -> str:
    names = Counter(passage.author for passage in read if passage.author)
    who = [as_data(name) for name, _ in names.most_common(_MOST_NAMES)]
    if len(names) > _MOST_NAMES:
        who.append(ngettext("{number} other", "{number} others", len(names) - _MOST_NAMES))
    count = ngettext("{number} message", "{number} messages", len(read))
    by = gettext("{count} by {people}", count=count, people=_join(who)) if names else count
    if more or len(read) < len(said):
        return gettext("The latest {messages} since {when}, of more than I can look at:", messages=by, when=when)
    return gettext("{messages} since {when}:", messages=by, when=when)


def _join(words: Sequence[str]) -> str:
    *first, last = words
    return gettext("{first} and {last}", first=", ".join(first), last=last) if first else last


def _shorten(text: str) -> str:
    line = as_data(text)
    return line if len(line) <= _QUOTE_CHARS else line[: _QUOTE_CHARS - 1] + "…"


def _mark(context: Context) -> str:
    return f"caught up/{context.message.sender.id}"
