"""The memory's commands: /ask, /remember, /forget, /memories, /stats, /why, /speed and /facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot import CommandError, Context, ConversationSummary, Passage, Plugin, Recollection, command
from bot.answering import describe_speed, keep_finds
from bot.translation import (
    describe_receipt_notes,
    format_day,
    format_moment,
    format_number,
    gettext,
    gettext_noop,
    ngettext,
)

_KEYED = re.compile(r"\s{0,9}([^:=\n/]{2,60}?)\s{0,9}(?::(?=\s)|=)\s{0,99}(\S.*)", re.DOTALL)
_ONE_LINE = 120
_MOST = 10_000
_LEAST_SHOWN = 0.005
_NO_ANSWER = gettext_noop(
    "I haven't answered anything here since I started, or what the answer was based on is forgotten."
)

_PARTS = {
    "words": gettext_noop("words"),
    "meaning": gettext_noop("meaning"),
    "window words": gettext_noop("words around it"),
    "next message": gettext_noop("what came next"),
    "is a reply": gettext_noop("is a reply"),
    "session": gettext_noop("the talk it is from"),
    "speaker": gettext_noop("who said it"),
    "is a question": gettext_noop("is a question"),
    "time": gettext_noop("when it was said"),
    "time_in_text": gettext_noop("tells when"),
    "mention": gettext_noop("mentions whom you name"),
    "substance": gettext_noop("says much"),
    "variety": gettext_noop("much like another"),
}
"""What the ranking calls what gives to a score."""


class MemoryPlugin(Plugin):
    """Shows, adds to and removes from what the bot remembers, within what the asking person may see."""

    name = "memory"

    class Settings(BaseModel):
        """How much is listed at once, and from how many on forgetting asks back."""

        model_config = ConfigDict(extra="forbid")

        listed: int = Field(default=10, ge=1, le=100)
        confirm_from: int = Field(default=2, ge=1)

    settings: Settings

    @command("ask", "answer a question from what I remember")
    async def ask(self, context: Context, question: Annotated[str, "in your own words"]) -> None:
        """Answer as if the question had been sent without the command."""
        await context.answer(question)

    @command("remember", "keep a fact; “wifi password: …” replaces the older one")
    async def remember(self, context: Context, text: Annotated[str, "the fact, or “key: value”"]) -> str:
        """Keep a fact, under a key where the text has one."""
        fact = await context.memory.remember(text, key=key_of(text))
        return gettext("I'll remember that (no. {number}).", number=fact.passage_id)

    @command("forget", "forget memories: by number, by the text in them, or in a reply to one", private=True)
    async def forget(self, context: Context, what: Annotated[str, "numbers from /memories, or a text"] = "") -> str:
        """Forget what is named, after asking back when that is more than a little.

        Whatever comes of it, the command is kept without what it names.
        """
        try:
            said = await self._forget(context, what)
        except CommandError:
            await context.memory.withhold_command()
            raise
        await context.memory.withhold_command()
        return said

    async def _forget(self, context: Context, what: str) -> str:
        ids = find_numbers(what)
        selected = await self._select(context, what, ids)
        passages = [passage for passage in selected if context.memory.may_forget(passage)]
        if not selected:
            raise CommandError(gettext("I remember nothing like that."))
        if not passages:
            raise CommandError(gettext("I remember nothing like that, or nothing that is yours to forget."))
        if len(passages) >= self.settings.confirm_from and not await self._confirm(context, passages):
            return gettext("Nothing was forgotten.")
        matching = what if what and not ids else None
        receipt = await context.memory.forget([passage.id for passage in passages], matching=matching)
        counted = [
            ngettext("{number} text", "{number} texts", receipt.passages),
            ngettext("{number} vector", "{number} vectors", receipt.vectors),
            ngettext("{number} index entry", "{number} index entries", receipt.full_text),
            ngettext("{number} fact", "{number} facts", receipt.facts),
        ]
        gone = gettext("Forgotten: {counted}.", counted=", ".join(counted))
        return "\n".join([gone, *describe_receipt_notes(receipt)])

    async def _select(self, context: Context, what: str, ids: Sequence[int]) -> list[Passage]:
        if ids:
            return await context.memory.find(ids=ids)
        if what:
            found = await context.memory.find(matching=what, limit=_MOST)
            return found or await context.memory.find(matching=what, asked=True, limit=_MOST)
        replied = await context.memory.find_replied()
        if replied is None:
            raise CommandError(gettext("Say what: /forget 12, /forget WORDS, or reply to a message with /forget."))
        return [replied]

    @command("memories", "list what I remember, or search it", private=True)
    async def memories(self, context: Context, search: Annotated[str, "what to look for"] = "") -> str:
        """List the newest memories, or the best matches, each with the number that /forget takes."""
        if search:
            recalled = await context.memory.recall(search, limit=self.settings.listed)
            found = [each.passage for each in keep_finds(recalled)]
            return listing(found, context) or gettext("I remember nothing like that.")
        found = await context.memory.find(everything=True, limit=self.settings.listed)
        return listing(found, context) or gettext("I remember nothing yet.")

    @command("facts", "list the facts I keep; “/facts all” shows outdated ones too")
    async def facts(self, context: Context, which: Annotated[str, "“all” for outdated ones too"] = "") -> str:
        """List facts, with the time over which each held."""
        if which.casefold() not in ("", "all"):
            raise CommandError(gettext("Use /facts, or /facts all."))
        found = await context.memory.facts(include_closed=bool(which))
        lines = [
            f"- {fact.passage_id}: {join_lines(fact.keyed_statement)} ({span(fact.valid_from, fact.valid_to)})"
            for fact in found
        ]
        return "\n".join(lines) or gettext("I keep no facts yet. /remember adds one.")

    @command("stats", "count what I remember, conversation by conversation")
    async def stats(self, context: Context) -> str:
        """Count messages, people and the time they span, for each conversation that may be read here."""
        summaries = [each for each in await context.memory.conversations() if each.passages]
        if not summaries:
            return gettext("I remember nothing yet.")
        lines = [describe_conversation(each, context.zone) for each in summaries[: self.settings.listed]]
        more = len(summaries) - len(lines)
        rest = (
            [ngettext("… and {number} conversation more", "… and {number} conversations more", more)]
            if more > 0
            else []
        )
        return "\n".join([*lines, *rest])

    @command("why", "show what my last answer was based on", private=True)
    async def why(self, context: Context) -> str:
        """Show the recollections of the last answer, and what each part of the ranking gave to their scores."""
        answer = await context.last_answer()
        if answer is None:
            return gettext(_NO_ANSWER)
        called = "".join(f"\n\n{gettext('I called {call}', call=join_lines(call.shown))}" for call in answer.calls)
        if not answer.recollections:
            nothing = gettext("For “{question}” I recalled nothing.", question=join_lines(answer.question))
            return f"{nothing}{called}"
        cited = {(source.said_at, source.text) for source in answer.sources}
        shown = [
            describe_recollection(number, each, context.zone, cited=(each.passage.said_at, each.passage.text) in cited)
            for number, each in enumerate(answer.recollections, 1)
        ]
        head = gettext("For “{question}” I recalled, the best first:", question=join_lines(answer.question))
        return "\n".join([head, "", *shown]) + called

    @command("speed", "show how long my last answer took")
    async def speed(self, context: Context) -> str:
        """Show the times of the last answer, and what the language model read, reused and wrote for it."""
        answer = await context.last_answer()
        if answer is None:
            return gettext(_NO_ANSWER)
        return "\n".join(describe_speed(answer))

    async def _confirm(self, context: Context, passages: Sequence[Passage]) -> bool:
        shown = listing(passages[: self.settings.listed], context)
        more = len(passages) - self.settings.listed
        rest = f"\n{gettext('… and {number} more', number=format_number(more))}" if more > 0 else ""
        question = gettext("Shall I forget these {number}?", number=format_number(len(passages)))
        return await context.confirm(f"{question}\n{shown}{rest}")


def key_of(text: str) -> str | None:
    """Return what a statement is about where it says so itself: "wifi password: x" and "wifi password = x"."""
    match = _KEYED.fullmatch(text)
    return " ".join(match[1].casefold().split()) if match else None


def find_numbers(text: str) -> list[int]:
    """Return the numbers of a text that is nothing but numbers, such as "12, 13"; else none."""
    words = text.replace(",", " ").replace("#", " ").split()
    return [int(word) for word in words] if words and all(word.isdecimal() for word in words) else []


def listing(passages: Iterable[Passage], context: Context) -> str:
    """Return memories as a list, each led by its number."""
    return "\n".join(list_memory(passage, context.zone) for passage in passages)


def list_memory(passage: Passage, zone: tzinfo | None) -> str:
    """Return a memory as a line of a list."""
    said = passage.said_at if zone is None else passage.said_at.astimezone(zone)
    author = f"{passage.author}, " if passage.author else ""
    line = f"- {passage.id}: {author}{format_moment(said)}: {join_lines(passage.keyed_text)}"
    if passage.valid_to is None:
        return line
    return f"{line} ({gettext('until {day}', day=format_day(passage.valid_to))})"


def describe_conversation(summary: ConversationSummary, zone: tzinfo | None) -> str:
    """Return a conversation in numbers, as a line of a list."""
    parts = [ngettext("{number} message", "{number} messages", summary.messages)]
    if summary.passages > summary.messages:
        others = format_number(summary.passages - summary.messages)
        parts.append(gettext("{number} from files and facts", number=others))
    if summary.people:
        parts.append(ngettext("{number} person", "{number} people", summary.people))
    if summary.first is not None and summary.last is not None:
        first, last = (each if zone is None else each.astimezone(zone) for each in (summary.first, summary.last))
        days = format_day(first), format_day(last)
        parts.append(days[0] if days[0] == days[1] else gettext("{first} to {last}", first=days[0], last=days[1]))
    return f"- {summary.conversation.title or gettext('this conversation')}: {', '.join(parts)}"


def span(start: datetime, end: datetime | None) -> str:
    """Return the time over which a fact held."""
    since = format_day(start)
    if end is None:
        return gettext("since {day}", day=since)
    return gettext("since {day} until {end}", day=since, end=format_day(end))


def join_lines(text: str) -> str:
    """Return a text on one line, shortened."""
    line = " ".join(text.split())
    return line if len(line) <= _ONE_LINE else line[: _ONE_LINE - 1] + "…"


def describe_recollection(number: int, found: Recollection, zone: tzinfo | None, *, cited: bool) -> str:
    """Return a memory that was recalled, and under it how it was scored: how well it fits, and what each part gave."""
    passage = found.passage
    said = passage.said_at if zone is None else passage.said_at.astimezone(zone)
    author = f"{passage.author}, " if passage.author else ""
    parts = [
        f"{gettext(_PARTS.get(name, name))} {_signed(value)}"
        for name, value in found.parts.items()
        if abs(value) >= _LEAST_SHOWN
    ]
    scored = gettext(
        "score {score} ({parts}), fits {relevance}",
        score=format_number(found.score, 2),
        parts=", ".join(parts),
        relevance=format_number(found.relevance, 2),
    )
    mark = f"**{gettext('cited')}** · " if cited else ""
    text = join_lines(passage.text)
    place = gettext("no. {number}", number=passage.id)
    quoted = gettext("“{text}”", text=text)
    return f"{number}. {author}{format_day(said)}: {quoted}\n   {mark}{place} · {scored}"


def _signed(value: float) -> str:
    return ("+" if value >= 0 else "") + format_number(value, 2)
