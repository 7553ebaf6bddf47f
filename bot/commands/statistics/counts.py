"""What can be counted about a conversation, gathered in one pass over its messages."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

from bot.commands.statistics.words import emoji_in, telling_words
from bot.translation import format_month, format_short_day
from memory import Passage

SOON = timedelta(hours=12)
"""A message after a longer silence starts a new exchange and answers nobody."""
HOURS, DAYS = 24, 7


@dataclass(slots=True)
class PersonCounts:
    """What one person did; `waits` holds the seconds after which they answered somebody else."""

    messages: int = 0
    words: int = 0
    waits: array[float] = field(default_factory=lambda: array("f"))

    @property
    def usual_wait(self) -> float | None:
        """Half of their answers came sooner, in seconds; None when they answered nobody."""
        return median(self.waits) if self.waits else None


@dataclass(slots=True)
class Counts:
    """What was counted; times are in one zone. `hours` has 24 entries, `weekdays` seven from Monday on."""

    title: str
    messages: int = 0
    system: int = 0
    first: datetime | None = None
    last: datetime | None = None
    days: Counter[date] = field(default_factory=Counter)
    hours: list[int] = field(default_factory=lambda: [0] * HOURS)
    weekdays: list[int] = field(default_factory=lambda: [0] * DAYS)
    people: dict[str, PersonCounts] = field(default_factory=lambda: defaultdict(PersonCounts))
    words: Counter[str] = field(default_factory=Counter)
    emoji: Counter[str] = field(default_factory=Counter)

    def rank(self) -> list[tuple[str, PersonCounts]]:
        """Return the people, who wrote most first."""
        return sorted(self.people.items(), key=lambda item: (-item[1].messages, item[0]))

    def over_time(self) -> list[tuple[str, int]]:
        """Return messages by day, month or year, whichever gives a picture that can be taken in; empty ones too."""
        if self.first is None or self.last is None:
            return []
        length, name = _scale(self.first.date(), self.last.date())
        counted: Counter[str] = Counter()
        for day, count in self.days.items():
            counted[day.isoformat()[:length]] += count
        return [(name(key), counted[key]) for key in _between(self.first.date(), self.last.date(), length)]


class Counting:
    """Counts the messages that it is given, in the order in which they were said."""

    def __init__(self, title: str, zone: tzinfo) -> None:
        self.counts = Counts(title)
        self._zone = zone
        self._before: tuple[str, datetime] | None = None

    def add(self, passages: Iterable[Passage]) -> None:
        """Count messages, not documents and facts."""
        for passage in passages:
            if passage.kind == "message":
                self._add(passage)
            elif passage.kind == "system":
                self.counts.system += 1

    def _add(self, passage: Passage) -> None:
        counts, said_at = self.counts, passage.said_at.astimezone(self._zone)
        counts.messages += 1
        counts.first = min(counts.first or said_at, said_at)
        counts.last = max(counts.last or said_at, said_at)
        counts.days[said_at.date()] += 1
        counts.hours[said_at.hour] += 1
        counts.weekdays[said_at.weekday()] += 1
        person = counts.people[passage.author or "?"]
        person.messages += 1
        words = telling_words(passage.text)
        person.words += len(passage.text.split())
        counts.words.update(words)
        counts.emoji.update(emoji_in(passage.text))
        self._time_answer(passage.author, said_at)

    def _time_answer(self, author: str, said_at: datetime) -> None:
        if self._before is not None:
            other, when = self._before
            if other != author and timedelta() <= said_at - when <= SOON:
                self.counts.people[author or "?"].waits.append((said_at - when).total_seconds())
            if other == author:
                return  # the wait is counted from the first of somebody's messages in a row
        self._before = author, said_at


_DAYS_SHOWN, _MONTHS_SHOWN = 45, 60


def _scale(first: date, last: date) -> tuple[int, Callable[[str], str]]:
    """Return how much of an ISO date names a span, and how such a name is shown."""
    if (last - first).days < _DAYS_SHOWN:
        return 10, lambda key: format_short_day(date.fromisoformat(key))
    if (last - first).days < _MONTHS_SHOWN * 31:
        return 7, lambda key: format_month(date.fromisoformat(key + "-01"))
    return 4, lambda key: key


def _between(first: date, last: date, length: int) -> list[str]:
    """Return the names of all spans from one day to another."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return list(dict.fromkeys(day.isoformat()[:length] for day in days))
