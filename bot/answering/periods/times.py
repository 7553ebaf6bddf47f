"""Questions about a time as such: "what did we do yesterday?" is answered from that day, whatever its words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from bot.answering.citations import defuse
from bot.answering.excerpting import excerpts
from bot.answering.periods.questions import other_words, period_of, since_left
from bot.answering.quoting.dates import day_of, in_language, window_label
from bot.answering.quoting.shorten import shorten
from bot.answering.quoting.wanted import read_question
from bot.answering.small_talk import say_nothing_from
from memory import Memory, Passage, Scope, Selection, TimeWindow
from memory.patterns import compile_on_use
from memory.records import PassageKind
from memory.search.segment import words
from memory.timeline.expressions import question_window
from memory.timeline.years import years_meant

_ALL, _CHOSEN = 20, 12
"""Messages of a time that are all shown; of more, how many of those that say most."""
_READ = 1000
"""Messages of a time that are looked at, the latest of it."""
_LONGEST_LINE = 160
_LOOKED_AT = 1000
_DAY = timedelta(days=1, hours=1)
"""A day at most: that on which the clocks go back."""
_SAYS_NOTHING = compile_on_use(r"\W*|\[[a-z ]{3,20}\]")
"""A message that tells nothing of a day: emoji alone, or the mark of a voice note or a picture without a caption."""
_KINDS: tuple[PassageKind, ...] = ("message", "fact", "document")


@dataclass(frozen=True, slots=True)
class Period:
    """A time, and what was said in it, in order; `shown` are all of its messages, or those that say most."""

    window: TimeWindow
    shown: tuple[Passage, ...]
    left_out: int = 0

    def lines(self, question: str, zone: tzinfo | None) -> str:
        """Return the messages as people see them: a day, and below it a line for each with its number."""
        language = read_question(question).language
        if not self.shown:
            return say_nothing_from(in_language(window_label(self.window), language), question)
        numbered = list(enumerate(self.shown, start=1))
        days = groupby(numbered, key=lambda each: day_of(_local(each[1].said_at, zone)))
        blocks = [
            "\n".join([f"{in_language(day, language)}:", *(_line(*each, zone) for each in said)]) for day, said in days
        ]
        more = [f"… (+{self.left_out})"] if self.left_out else []
        return "\n".join([*blocks, *more])


async def read_period(
    memory: Memory,
    scope: Scope,
    text: str,
    now: datetime,
    *,
    exclude: Collection[int] = (),
    left_at: datetime | None = None,
) -> Period | None:
    """Return the time that a question is about, and what was said in it.

    None where it names something else than a time and people who said something then. `left_at` is when its asker
    last said something, in the zone of `now` as all times here.
    """
    window = TimeWindow(left_at, now) if since_left(text) and left_at is not None else period_of(text, now)
    if window is None:
        return None
    window, said = await _read_said(memory, scope, window, now, exclude)
    others = [] if since_left(text) else other_words(text, now)
    if others:
        named = [passage for passage in said if set(words(passage.author)) & set(others)]
        if {other for other in others if not any(other in words(passage.author) for passage in named)}:
            return None
        said = named
    return _choose_shown(window, said)


async def read_day(
    memory: Memory, scope: Scope, text: str, now: datetime, *, exclude: Collection[int] = ()
) -> Period | None:
    """Return the past day that a question names, whatever it asks of it, and what was said on it; None without one."""
    window = question_window(text[:_LOOKED_AT], now)
    if window is None or window.end - window.start > _DAY or window.start >= now:
        return None
    window, said = await _read_said(memory, scope, window, now, exclude)
    return _choose_shown(window, said) if said else None


async def _read_said(
    memory: Memory, scope: Scope, window: TimeWindow, now: datetime, exclude: Collection[int]
) -> tuple[TimeWindow, list[Passage]]:
    """Return what was said in a time, oldest first, and that time: of a day without a year the latest that has any."""
    for each in years_meant(window):
        selection = Selection(since=each.start, until=each.end, kinds=_KINDS)
        found = await memory.passages.select(scope, selection, limit=_READ + len(exclude))
        said = [passage for passage in reversed(found) if passage.id not in exclude and passage.said_at <= now]
        if said:
            return each, said
    return window, []


def _choose_shown(window: TimeWindow, said: list[Passage]) -> Period:
    telling = [passage for passage in said if not _SAYS_NOTHING.fullmatch(passage.text)] or said
    shown = excerpts(telling, _CHOSEN) if len(telling) > _ALL else telling
    return Period(replace(window, words=""), tuple(shown), len(said) - len(shown))


async def find_last_said(
    memory: Memory, conversation_id: int, askers: Collection[int], exclude: Collection[int]
) -> datetime | None:
    """Return from when on somebody has said nothing in a conversation, before the message being answered."""
    own, selection = Scope.of_conversation(conversation_id), Selection(conversation_id=conversation_id)
    for passage in await memory.passages.select(own, selection, limit=_READ):
        if passage.author_id in askers and passage.id not in exclude:
            return passage.said_at + timedelta.resolution
    return None


def _line(number: int, passage: Passage, zone: tzinfo | None) -> str:
    text = shorten(defuse(passage.text), "", _LONGEST_LINE)
    who = f" {passage.author}:" if passage.author else ""
    return f"{_local(passage.said_at, zone):%H:%M}{who} {text} [{number}]"


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    return moment if zone is None else moment.astimezone(zone)
