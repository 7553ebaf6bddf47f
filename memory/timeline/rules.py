"""The grammar of named times: patterns over token classes (see `memory.timeline.token_classes`), and what each means.

A rule's match names the tokens it uses by groups; the group "named" (or the whole match) is what names the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import cast

from memory.timeline import calendar
from memory.timeline.calendar import DAY, InYear, PartOfDay, Season, Span, Unit
from memory.timeline.token_classes import TokenClass, compile_pattern
from memory.timeline.tokens import Token


@dataclass(frozen=True, slots=True)
class Meaning:
    """What some words mean: one span, or several where the words alone don't say which.

    With `by_tense` there are two: the latest that is over or running, and the next. `in_year` gives the same in
    another year, for a month or a feast that was named without one. `relative` says that it hangs on when it was said.
    """

    spans: tuple[Span, ...]
    by_tense: bool = False
    in_year: InYear | None = None
    relative: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's match: the tokens of its groups, and the local time at which the text was said."""

    groups: dict[str, Token]
    now: datetime
    zoned: datetime

    def number(self, name: str) -> int:
        """Return the number that a group's token stands for."""
        return cast("int", self.groups[name].value)

    def unit(self, name: str = "unit") -> Unit:
        """Return the unit that a group's token stands for."""
        return cast("Unit", self.groups[name].value)

    def letter(self, name: str) -> str:
        """Return the class of a group's token, "" if the group took no part."""
        return self.groups[name].letter if name in self.groups else ""


_BACK = frozenset({TokenClass.LAST, TokenClass.PAST})

Rule = tuple[re.Pattern[str], Callable[[Match], Meaning | None]]


def in_year(token: Token) -> InYear:
    """Return what a month, a season or a feast is in a year."""
    if token.letter == TokenClass.SEASON:
        return lambda year: calendar.season(year, cast("Season", token.value))
    if token.letter == TokenClass.FEAST:
        return lambda year: calendar.feast(year, str(token.value))
    return lambda year: calendar.month(year, cast("int", token.value) + 1)


def yearless(of: InYear, now: datetime) -> Meaning:
    """Return the latest one that is over or running and the next one, of what comes once a year."""
    near = [span for year in range(now.year - 9, now.year + 9) if (span := _existing(of, year)) is not None]
    past = [span for span in near if span.start <= now]
    future = [span for span in near if span.end > now]
    return Meaning((past[-1], future[0]), by_tense=True, in_year=of)


def _existing(of: InYear, year: int) -> Span | None:
    """Return the span in that year; None for 29 February of most years, or beyond the calendar's ends."""
    try:
        return of(year)
    except (ValueError, OverflowError):
        return None


def step(of: InYear, letter: str, now: datetime) -> Meaning:
    """Return last, this or next May, summer, Christmas, ..."""
    near = [span for year in range(now.year - 2, now.year + 3) if (span := _existing(of, year)) is not None]
    if letter in _BACK:
        return Meaning(([span for span in near if span.end <= now][-1],))
    if letter == TokenClass.NEXT:
        return Meaning((next(span for span in near if span.start > now),))
    running = [span for span in near if span.start <= now < span.end]
    return Meaning((running[0] if running else of(now.year),))


def _date(match: Match) -> Meaning:
    first = match.number("day")
    last = match.number("last_day") if "last_day" in match.groups else None
    number = match.number("month") + 1

    def of(year: int) -> Span:
        return calendar.date_span(year, number, first, last)

    if "year" in match.groups:
        return Meaning((of(match.number("year")),), relative=False)
    return yearless(of, match.now)


def _digits(match: Match) -> Meaning:
    text = match.groups["named"].text
    numbers = [int(each) for each in re.split(r"[-./]", text)]
    if numbers[0] > 31:
        readings = [(numbers[0], numbers[1], numbers[2])]
    elif "." in text:
        readings = [(numbers[2], numbers[1], numbers[0])]
    else:
        readings = [(numbers[2], numbers[1], numbers[0]), (numbers[2], numbers[0], numbers[1])]
    spans = {span for year, month, date in readings if (span := _existing(_day_of(month, date), year)) is not None}
    return Meaning(tuple(sorted(spans, key=lambda span: span.start)), relative=False)


def _day_of(month: int, day: int) -> InYear:
    return lambda year: calendar.date_span(year, month, day)


def _part_of_year(match: Match) -> Meaning:
    return Meaning((in_year(match.groups["named"])(match.number("year")),), relative=False)


def _part_of_stepped_year(match: Match) -> Meaning | None:
    if match.unit() != "year":
        return None
    year = match.now.year + _steps(match.letter("which"))
    return Meaning((in_year(match.groups["part"])(year),))


def _steps(letter: str) -> int:
    return -1 if letter in _BACK else 1 if letter == TokenClass.NEXT else 0


def _stepped_part_of_year(match: Match) -> Meaning | None:
    token = match.groups["part"]
    if token.letter == TokenClass.MAYBE_MONTH and match.letter("which") == TokenClass.THIS and not token.capital:
        return None  # "this may be"
    return step(in_year(token), match.letter("which"), match.now)


def _bare_part_of_year(match: Match) -> Meaning:
    return yearless(in_year(match.groups["named"]), match.now)


def _read_stepped_unit(match: Match) -> Meaning | None:
    unit = match.unit()
    if unit in ("minute", "hour", "day"):
        return None
    return Meaning((calendar.calendar_unit(calendar.shift(match.now, _steps(match.letter("which")), unit), unit),))


def _before_last(match: Match) -> Meaning | None:
    if match.letter("unit") == TokenClass.WEEKEND:
        return Meaning((calendar.weekend(match.now - 14 * DAY),))
    if match.letter("unit") == TokenClass.PART_OF_DAY:
        return Meaning((calendar.part_of_day(calendar.day(match.now - 2 * DAY), _part(match, "unit")),))
    if match.unit() in ("minute", "hour", "day"):
        return None
    return Meaning((calendar.calendar_unit(calendar.shift(match.now, -2, match.unit()), match.unit()),))


def _part(match: Match, group: str) -> PartOfDay:
    return cast("PartOfDay", match.groups[group].value)


def _weekday_of_week(match: Match) -> Meaning | None:
    if match.unit() != "week":
        return None
    monday = calendar.week(match.now).start + 7 * _steps(match.letter("which")) * DAY
    return Meaning((calendar.day(monday + match.number("day") * DAY),))


def _weekday(match: Match) -> Meaning:
    today, number, letter = calendar.midnight(match.now), match.number("day"), match.letter("which")
    since = (today.weekday() - number) % 7
    if letter in _BACK:
        return Meaning((calendar.day(today - (since or 7) * DAY),))
    if letter == TokenClass.NEXT:
        return Meaning((calendar.day(today + (7 - since) * DAY),))
    if letter == TokenClass.THIS:
        return Meaning((calendar.day(calendar.week(today).start + number * DAY),))
    return Meaning((calendar.day(today - since * DAY), calendar.day(today + (7 - since) * DAY)), by_tense=True)


def _weekend(match: Match) -> Meaning:
    running, letter = calendar.weekend(match.now), match.letter("which")
    past = running if running.start <= match.now else calendar.weekend(match.now - 7 * DAY)
    if letter in _BACK:
        return Meaning((calendar.weekend(match.now - 7 * DAY),))
    if letter:
        return Meaning((calendar.weekend(match.now + (7 * DAY if letter == TokenClass.NEXT else 0 * DAY)),))
    return Meaning((past, running), by_tense=True)


def _weekday_before_last(match: Match) -> Meaning:
    last = _weekday(match).spans[0]
    return Meaning((calendar.day(last.start - 7 * DAY),))


def _weekends_ago(match: Match) -> Meaning:
    last = _weekend(match).spans[0]
    return Meaning((calendar.weekend(last.start - 7 * (match.number("count") - 1) * DAY),))


def _relative_day(match: Match) -> Meaning:
    return Meaning((calendar.day(match.now + match.number("named") * DAY),))


def _relative_part(match: Match) -> Meaning:
    offset, part = cast("tuple[int, PartOfDay]", match.groups["named"].value)
    return Meaning((calendar.part_of_day(calendar.day(match.now + offset * DAY), part),))


def _distance(match: Match, sign: int) -> Meaning:
    """Return the time about so many units away; "a few" is two to five."""
    unit = match.unit()
    if match.letter("count") == TokenClass.FEW:
        ends = sorted((_shift(match, 2 * sign, unit), _shift(match, 5 * sign, unit)))
        start, end = (calendar.around(each, unit) for each in ends)
        return Meaning((Span(start.start, end.end, f"{calendar.day_label(ends[0])} to {calendar.day_label(ends[1])}"),))
    return Meaning((calendar.around(_shift(match, match.number("count") * sign, unit), unit),))


def _shift(match: Match, by: int, unit: Unit) -> datetime:
    """Return the local time so many units away; hours and minutes pass the same where the clocks change."""
    if unit in ("hour", "minute"):
        there = calendar.shift(match.zoned.astimezone(UTC), by, unit)
        return there.astimezone(match.zoned.tzinfo).replace(tzinfo=None)
    return calendar.shift(match.now, by, unit)


_ago = partial(_distance, sign=-1)
_from_now = partial(_distance, sign=1)


def _most(match: Match) -> int:
    """Return how many are meant at most: "a few" is five."""
    return 5 if match.letter("count") == TokenClass.FEW else match.number("count")


def _rolling(match: Match) -> Meaning | None:
    """Return the last three days, the past week, the next two months: from now back or on, today with them."""
    unit, sign = match.unit(), _steps(match.letter("which"))
    count = _most(match) if "count" in match.groups else 1
    ends = sorted((match.now, _shift(match, sign * count, unit)))
    if unit in ("hour", "minute"):
        return Meaning((Span(ends[0], ends[1], f"{_clock(ends[0])} to {_clock(ends[1])}"),))
    return Meaning((calendar.days(calendar.midnight(ends[0]), calendar.midnight(ends[1]) + DAY),))


def _clock(moment: datetime) -> str:
    return f"{calendar.day_label(moment)} {moment:%H:%M}"


def _year(match: Match) -> Meaning:
    return Meaning((calendar.year_span(match.number("named")),), relative=False)


def _rule(pattern: str, meaning: Callable[[Match], Meaning | None]) -> Rule:
    return compile_pattern(pattern), meaning


_CLAUSE_ENDS = "(?=[COMMA STOP DASH TO IN ON YEAR]|$)"
"""What follows a name of a month where it is one: "before May, ..." but not "before May left"."""

RULES: tuple[Rule, ...] = (
    _rule("(?P<named>DATE)", _digits),
    _rule(
        "(?:WEEKDAY COMMA? ARTICLE?)? (?P<day>NUMBER) STOP?(?:(?:[DASH TO] ARTICLE?) (?P<last_day>NUMBER) STOP?)?"
        " [ARTICLE OF]{0,2} (?P<month>ANY_MONTH) (?:[COMMA OF]{0,2} (?P<year>YEAR))?",
        _date,
    ),
    _rule(
        "(?:WEEKDAY COMMA? ARTICLE?)? (?P<month>ANY_MONTH) ARTICLE? (?P<day>NUMBER) (?:[DASH TO] ARTICLE?"
        " (?P<last_day>NUMBER))?(?:COMMA? (?P<year>YEAR))?",
        _date,
    ),
    _rule("(?P<named>ANNUAL) [COMMA OF ARTICLE IN]{0,2} (?P<year>YEAR)", _part_of_year),
    _rule("(?P<part>ANNUAL) [COMMA OF IN ARTICLE]{0,3} (?P<which>STEP) (?P<unit>UNIT)", _part_of_stepped_year),
    _rule("(?P<which>STEP) (?P<unit>UNIT) COMMA? [IN ON]? ARTICLE? (?P<part>ANNUAL)", _part_of_stepped_year),
    _rule("(?<!PRONOUN) (?P<which>[LAST THIS NEXT PAST]) (?P<part>ANNUAL)", _stepped_part_of_year),
    _rule(
        "(?:PREPOSITION|(?<=[MONTH SEASON FEAST YEAR]) [TO DASH]) ARTICLE{0,2} (?P<named>[MONTH SEASON FEAST])",
        _bare_part_of_year,
    ),
    _rule(
        "(?:IN|(?<=ANY_MONTH) TO|FROM(?=MAYBE_MONTH [TO DASH] ARTICLE? ANY_MONTH)) ARTICLE?"
        " (?P<named>MAYBE_MONTH)(?!APOSTROPHE_S)",
        _bare_part_of_year,
    ),
    _rule(
        f"[SINCE BEFORE UNTIL AFTER BEFORE_OR_AGO BETWEEN OF] (?P<named>MAYBE_MONTH) {_CLAUSE_ENDS}",
        _bare_part_of_year,
    ),
    _rule("(?P<day>WEEKDAY) COMMA? [ON IN OF ARTICLE]{0,3} (?P<which>STEP) (?P<unit>UNIT)", _weekday_of_week),
    _rule("(?P<which>STEP) (?P<unit>UNIT) COMMA? [ON IN]? ARTICLE? (?P<day>WEEKDAY)", _weekday_of_week),
    _rule("(?<!EVERY)(?<!PRONOUN) (?P<which>STEP) (?P<day>[WEEKDAY SHORT_WEEKDAY])", _weekday),
    _rule("ON (?P<named>(?P<day>SHORT_WEEKDAY))", _weekday),
    _rule("(?<!EVERY) (?P<day>WEEKDAY)", _weekday),
    _rule("(?P<which>[LAST THIS NEXT PAST]) WEEKEND", _weekend),
    _rule("[IN ON ARTICLE OF AFTER] ARTICLE? (?P<named>WEEKEND)", _weekend),
    _rule("(?P<which>STEP) (?P<unit>UNIT)(?!OF)", _read_stepped_unit),
    _rule("(?P<unit>[UNIT WEEKEND PART_OF_DAY]) BEFORE LAST", _before_last),
    _rule("(?P<day>WEEKDAY) BEFORE LAST", _weekday_before_last),
    _rule("(?P<count>[ONE NUMBER_WORD NUMBER]) WEEKEND AGO", _weekends_ago),
    _rule("(?P<named>RELATIVE_DAY)", _relative_day),
    _rule("(?P<named>RELATIVE_PART)", _relative_part),
    _rule("(?P<count>COUNT) OF? (?P<unit>UNIT) AGO", _ago),
    _rule("BEFORE_OR_AGO (?P<count>COUNT) OF? (?P<unit>UNIT) AGO?", _ago),
    _rule("(?P<count>COUNT) OF? (?P<unit>UNIT) FROM_NOW", _from_now),
    _rule("(?P<which>[LAST PAST NEXT]) (?P<count>[NUMBER_WORD NUMBER FEW]) (?P<unit>UNIT)(?!OF)", _rolling),
    _rule("(?P<count>[NUMBER_WORD NUMBER]) (?P<which>[LAST NEXT]) (?P<unit>UNIT)", _rolling),
    _rule("(?P<which>PAST) (?P<unit>UNIT)(?!OF)", _rolling),
    _rule("(?:PREPOSITION UNIT?|(?<=YEAR) [TO DASH]) (?P<named>YEAR)(?!UNIT)", _year),
)

ADJECTIVES_FOLLOW: tuple[Rule, ...] = (
    _rule("(?P<part>ANNUAL) (?P<which>[LAST NEXT])", _stepped_part_of_year),
    _rule("(?P<part>ANNUAL) [OF IN ARTICLE]{0,3} (?P<unit>UNIT) (?P<which>[LAST NEXT])", _part_of_stepped_year),
    _rule("(?P<day>WEEKDAY) [OF IN ARTICLE]{0,3} (?P<unit>UNIT) (?P<which>[LAST NEXT])", _weekday_of_week),
    _rule("(?P<day>WEEKDAY) (?P<which>[LAST NEXT])", _weekday),
    _rule("WEEKEND (?P<which>[LAST NEXT])", _weekend),
    _rule("(?P<unit>UNIT) (?P<which>[LAST NEXT])", _read_stepped_unit),
    _rule("(?P<count>[NUMBER_WORD NUMBER]) (?P<unit>UNIT) (?P<which>[LAST NEXT])", _rolling),
)
"""Further rules for languages in which "last" stands behind its noun."""
