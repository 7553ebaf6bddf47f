"""What was recalled as a model reads it: the best of it, a line each, in the order in which it was said.

Small models confuse what has long heads and much around it, and take the first line for the best. So a line has its
day, who said it and the words, the order is that of time, and words such as "yesterday" carry the day that they meant.
Measured in `benchmarks/results`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from bot.answering.citations import defuse
from bot.answering.quoting.shorten import shorten
from memory import Passage, Recollection
from memory.search.names import find_named
from memory.timeline.expressions import relative_times
from memory.timeline.lasting import since_when

MOST = 8
"""Memories a model sees: with fewer it misses evidence, with more a small one mixes them up."""
MOST_OF_A_LIST = 14
"""The same for what asks to name or count all: more and shorter lines, for each may hold another item."""
_LONGEST, _LONGEST_OF_A_LIST = 400, 140
"""Characters of a memory's text that are read: of a longer one the part that fits the question."""
_ANSWER_WORDS = 6
"""Messages of so few words are read with the question that they answer: "Where to?" "Lisbon!"."""

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One memory as a model reads it: who said it when, and what.

    `rank` is its place among what was recalled, from 1.
    """

    rank: int
    recollection: Recollection
    head: str
    told: str

    @property
    def line(self) -> str:
        """The line that the model reads."""
        return f"{self.head}: {self.told}"

    @property
    def passage(self) -> Passage:
        """The remembered text."""
        return self.recollection.passage


def evidence_of(
    question: str,
    recollections: Sequence[Recollection],
    zone: tzinfo | None,
    budget: int,
    count: Count,
    *,
    several: bool = False,
) -> tuple[Evidence, ...]:
    """Return the best recollections that fit into `budget` tokens, in the order of time; more of them for `several`.

    One that is too long for the whole budget is cut rather than dropped; after it nothing fits.
    """
    chosen: list[Evidence] = []
    most, longest = (MOST_OF_A_LIST, _LONGEST_OF_A_LIST) if several else (MOST, _LONGEST)
    ranked = list(enumerate(recollections, start=1))
    if several:
        ranked = _of_person_first(question, ranked)
    titles = {recollection.passage.conversation.title for _, recollection in ranked[:most]}
    for rank, recollection in ranked[:most]:
        head = _head_of(recollection.passage, zone, with_title=len(titles) > 1)
        each = Evidence(rank, recollection, head, _told_in(question, recollection, zone, longest))
        size = count(each.line)
        if size > budget and not chosen:
            kept = max(1, len(each.line) * budget // size - len(head))
            each = replace(each, told=each.told[:kept].rstrip() + " …")
        elif size > budget:
            break
        budget -= size
        chosen.append(each)
    return tuple(sorted(chosen, key=lambda each: (each.passage.said_at, each.passage.id)))


def _of_person_first(question: str, ranked: list[tuple[int, Recollection]]) -> list[tuple[int, Recollection]]:
    """Put what the person asked about said before what others did: most of what a list gathers is their own telling."""
    named = find_named(question, {each.passage.author for _, each in ranked if each.passage.author})
    people = frozenset[str]().union(*named.values())
    if len(people) != 1:
        return ranked
    return sorted(ranked, key=lambda it: it[1].passage.author not in people)


def line_of(
    question: str,
    recollection: Recollection,
    zone: tzinfo | None,
    *,
    with_title: bool = False,
    longest: int = _LONGEST,
) -> str:
    """Return a memory as a model reads it: "3 May 2024, Mara: booked it yesterday [2 May 2024]"."""
    head = _head_of(recollection.passage, zone, with_title=with_title)
    return f"{head}: {_told_in(question, recollection, zone, longest)}"


def _head_of(passage: Passage, zone: tzinfo | None, *, with_title: bool) -> str:
    """Return when, where and by whom something was said."""
    title = passage.conversation.title if with_title or passage.kind == "document" else ""
    parts = (day_of(passage.said_at, zone), title, passage.locator or "", passage.author)
    return ", ".join(as_line(part) for part in parts if part)


def _told_in(question: str, recollection: Recollection, zone: tzinfo | None, longest: int) -> str:
    """Return what was said, with the question that it answers where it is very short."""
    passage = recollection.passage
    said = with_dates(as_line(shorten(passage.text, question, longest)), passage.said_at, zone)
    return f"{_asked_before(recollection)}{said}"


def with_dates(text: str, said_at: datetime, zone: tzinfo | None) -> str:
    """Return a text whose words such as "yesterday" are followed by the day that they meant, in brackets."""
    pieces: list[str] = []
    rest = text
    local = said_at if zone is None else said_at.astimezone(zone)
    meanings = relative_times(text, local)
    if began := since_when(text, local):
        meanings = _put_in_order([*meanings, (began[0], f"since {began[1]}")], text)
    for words, meaning in meanings:
        before, found, after = rest.partition(words)
        if found:
            pieces += [before, found, f" [{meaning}]"]
            rest = after
    return "".join([*pieces, rest])


def _put_in_order(meanings: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    return sorted(meanings, key=lambda each: text.find(each[0]))


def day_of(moment: datetime, zone: tzinfo | None) -> str:
    """Return the day of a moment as people read it: "3 May 2024"."""
    local = moment if zone is None else moment.astimezone(zone)
    return f"{local.day} {local:%B %Y}"


def as_line(text: str) -> str:
    """Return a remembered text on one line, in which nothing looks like a citation or like another line's head."""
    return defuse(" ".join(text.split()))


def _asked_before(recollection: Recollection) -> str:
    """Return the question that a very short message answers, as "(asked by Jo: Where to?) "."""
    passage, context = recollection.passage, recollection.context
    if not context or len(passage.text.split()) >= _ANSWER_WORDS:
        return ""
    asked = context[-1]
    if not asked.text.rstrip().endswith(("?", "？", "؟")):
        return ""
    return f"(asked by {as_line(asked.author)}: {shorten(as_line(asked.text), '', _LONGEST // 4)}) "
