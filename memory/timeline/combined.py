"""Named times with the words around them: "Friday night", "the week of 5 June", "since May", "from May to June"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from memory.timeline import calendar
from memory.timeline.calendar import DAY, PartOfDay, TimeSpan, Unit
from memory.timeline.meanings import Meaning, existing
from memory.timeline.token_classes import TokenClass, compile_pattern
from memory.timeline.tokens import Token

_PART_FOLLOWS = compile_pattern("[ON IN]? ARTICLE? PART_OF_DAY")
_BESIDE = compile_pattern(
    r"(?:[WEEKDAY SHORT_WEEKDAY]|(?<=[ARTICLE IN ON]) [UNIT WEEKEND]) (?P<side>[BEFORE OF AFTER]) [ON ARTICLE]? \Z"
)
"""The Sunday before, the week of, the day after ... but not "two days before", which measures."""
_RANGE_GOES_ON = compile_pattern("[TO DASH UNTIL] [IN ARTICLE]{0,2}")
_RANGE_BEGINS = frozenset({TokenClass.BETWEEN, TokenClass.FROM})
_WEEKDAYS = frozenset({TokenClass.WEEKDAY, TokenClass.SHORT_WEEKDAY})


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A rule's match, by the index of its first token and of the one past its last."""

    first: int
    last: int
    meaning: Meaning
    bounded: bool = False
    """Whether a "since", "before", "between" ... was taken in."""


def combine(known: Sequence[Token], letters: str, found: Sequence[FoundTime], now: datetime) -> Iterator[FoundTime]:
    """Yield the times of a text in its order, those that belong together as one."""
    at = 0
    while at < len(found):
        each = _in_part_of_day(known, letters, found[at])
        other = found[at + 1] if at + 1 < len(found) else None
        try:
            joined = _beside(known, letters, each, other) or _range(letters, each, other) or _open(letters, each, now)
        except (ValueError, OverflowError):  # beyond the calendar's ends
            joined = each
        at += 2 if joined.last > each.last else 1
        yield joined


def _beside(known: Sequence[Token], letters: str, found: FoundTime, other: FoundTime | None) -> FoundTime | None:
    """Return the weekday, day, week, ... next to a time: before it or after it; or, of a week, the one it is in."""
    is_weekday = letters[found.first] in _WEEKDAYS and found.last - found.first == 1
    anchor = other if other is not None and is_weekday else found
    match = _BESIDE.search(letters, max(anchor.first - 3, 0), anchor.first)
    if match is None or (anchor.meaning.by_tense and anchor.meaning.in_year is None):
        return None
    if anchor is other and match.start() != found.first:
        return None
    word, side = known[match.start()], match["side"]
    spans = [span for of in anchor.meaning.spans if (span := _next_to(word, side, of)) is not None]
    if not spans:
        return None
    meaning = Meaning(tuple(spans), anchor.meaning.by_tense, relative=anchor.meaning.relative)
    return FoundTime(match.start(), anchor.last, meaning)


def _next_to(word: Token, side: str, anchor: TimeSpan) -> TimeSpan | None:
    before, step = side == TokenClass.BEFORE, -1 if side == TokenClass.BEFORE else 1
    near = anchor.start - DAY if before else anchor.end
    if word.letter in _WEEKDAYS and side != TokenClass.OF:
        days = near.weekday() - cast("int", word.value)
        return calendar.day(near + step * ((days if before else -days) % 7) * DAY)
    if side == TokenClass.OF:
        whole = {"week": calendar.week, "weekend": calendar.weekend}.get(str(word.value or "weekend"))
        return whole(anchor.start) if whole and anchor.end - anchor.start == DAY else None
    if word.letter == TokenClass.WEEKEND:
        saturday = _next_to(word._replace(letter=TokenClass.WEEKDAY, value=5), side, anchor)
        return calendar.weekend(saturday.start) if saturday else None
    unit = cast("Unit", word.value)
    if unit == "day":
        return calendar.day(near)
    return calendar.calendar_unit(calendar.shift(anchor.start, step, unit), unit) if unit == "week" else None


def _range(letters: str, found: FoundTime, other: FoundTime | None) -> FoundTime | None:
    lead = _lead(letters, found)
    if other is None or lead < 0 or letters[lead] not in _RANGE_BEGINS:
        return None
    meaning = _between(found, other, letters)
    return FoundTime(lead, other.last, meaning, bounded=True) if meaning else None


def _lead(letters: str, found: FoundTime) -> int:
    """Return the index of what stands before a time and its article, -1 if nothing does."""
    lead = found.first - 1
    while lead > 0 and letters[lead] == TokenClass.ARTICLE:
        lead -= 1
    return lead


def _in_part_of_day(known: Sequence[Token], letters: str, found: FoundTime) -> FoundTime:
    """Return a day narrowed to its morning, evening, ... where that follows."""
    follows = _PART_FOLLOWS.match(letters, found.last)
    if follows is None or any(span.end - span.start != DAY for span in found.meaning.spans):
        return found
    part = cast("PartOfDay", known[follows.end() - 1].value)
    spans = tuple(calendar.part_of_day(span, part) for span in found.meaning.spans)
    return FoundTime(found.first, follows.end(), replace(found.meaning, spans=spans, in_year=None))


def _between(first: FoundTime, second: FoundTime, letters: str) -> Meaning | None:
    """Return the span from one time to another, the first one's year taken from the second where it has none."""
    if _RANGE_GOES_ON.fullmatch(letters, first.last, second.first) is None:
        return None
    spans = []
    for end in second.meaning.spans:
        starts = [span for span in first.meaning.spans if span.start < end.end]
        if first.meaning.in_year is not None:
            years = (end.start.year - 1, end.start.year)
            near = [span for year in years if (span := existing(first.meaning.in_year, year)) is not None]
            starts = [span for span in near if span.start < end.end]
        if starts:
            spans.append(TimeSpan(starts[-1].start, end.end, f"{starts[-1].label} to {end.label}"))
    relative = first.meaning.relative and second.meaning.relative
    return Meaning(tuple(spans), second.meaning.by_tense, relative=relative) if spans else None


def _open(letters: str, found: FoundTime, now: datetime) -> FoundTime:
    """Return "since", "after", "before", "until" a time: to now if that has begun, else without an end."""
    lead, meaning = _lead(letters, found), found.meaning
    if lead < 0 or letters[lead] not in _BOUNDS:
        return found
    spans = meaning.spans[:1] if letters[lead] == TokenClass.SINCE else meaning.spans
    opened = tuple(_BOUNDS[letters[lead]](span, now) for span in spans)
    opened_meaning = Meaning(opened, meaning.by_tense and len(opened) > 1, relative=meaning.relative)
    return FoundTime(lead, found.last, opened_meaning, bounded=True)


def _since(span: TimeSpan, now: datetime) -> TimeSpan:
    return TimeSpan(span.start, now if now > span.start else calendar.LATEST, f"since {span.label}")


def _after(span: TimeSpan, now: datetime) -> TimeSpan:
    return TimeSpan(span.end, now if now > span.end else calendar.LATEST, f"after {span.label}")


def _before(span: TimeSpan, _: datetime) -> TimeSpan:
    return TimeSpan(min(calendar.EARLIEST, span.start - DAY), span.start, f"before {span.label}")


def _until(span: TimeSpan, _: datetime) -> TimeSpan:
    return TimeSpan(min(calendar.EARLIEST, span.start), span.end, f"until {span.label}")


_BOUNDS: dict[str, Callable[[TimeSpan, datetime], TimeSpan]] = {
    TokenClass.SINCE: _since,
    TokenClass.AFTER: _after,
    TokenClass.BEFORE: _before,
    TokenClass.BEFORE_OR_AGO: _before,
    TokenClass.UNTIL: _until,
}
