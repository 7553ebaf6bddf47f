"""The grammar of named times: patterns over token classes (see `memory.timeline.words`), and what each means.

A rule's match names the tokens it uses by groups; the group "p" (or the whole match) is what names the time.
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

    def unit(self, name: str = "u") -> Unit:
        """Return the unit that a group's token stands for."""
        return cast("Unit", self.groups[name].value)

    def letter(self, name: str) -> str:
        """Return the class of a group's token, "" if the group took no part."""
        return self.groups[name].letter if name in self.groups else ""


Rule = tuple[re.Pattern[str], Callable[[Match], Meaning | None]]


def in_year(token: Token) -> InYear:
    """Return what a month, a season or a feast is in a year."""
    if token.letter == "S":
        return lambda year: calendar.season(year, cast("Season", token.value))
    if token.letter == "H":
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
    if letter in "Ll":
        return Meaning(([span for span in near if span.end <= now][-1],))
    if letter == "X":
        return Meaning((next(span for span in near if span.start > now),))
    running = [span for span in near if span.start <= now < span.end]
    return Meaning((running[0] if running else of(now.year),))


def _date(match: Match) -> Meaning:
    first = match.number("d")
    last = match.number("e") if "e" in match.groups else None
    number = match.number("m") + 1

    def of(year: int) -> Span:
        return calendar.date_span(year, number, first, last)

    if "y" in match.groups:
        return Meaning((of(match.number("y")),), relative=False)
    return yearless(of, match.now)


def _digits(match: Match) -> Meaning:
    text = match.groups["p"].text
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
    return Meaning((in_year(match.groups["p"])(match.number("y")),), relative=False)


def _part_of_stepped_year(match: Match) -> Meaning | None:
    if match.unit() != "year":
        return None
    year = match.now.year + _steps(match.letter("w"))
    return Meaning((in_year(match.groups["q"])(year),))


def _steps(letter: str) -> int:
    return -1 if letter in "Ll" else 1 if letter == "X" else 0


def _stepped_part_of_year(match: Match) -> Meaning | None:
    token = match.groups["q"]
    if token.letter == "m" and match.letter("w") == "T" and not token.capital:
        return None  # "this may be"
    return step(in_year(token), match.letter("w"), match.now)


def _bare_part_of_year(match: Match) -> Meaning:
    return yearless(in_year(match.groups["p"]), match.now)


def _stepped_unit(match: Match) -> Meaning | None:
    unit = match.unit()
    if unit in ("minute", "hour", "day"):
        return None
    return Meaning((calendar.calendar_unit(calendar.shifted(match.now, _steps(match.letter("w")), unit), unit),))


def _before_last(match: Match) -> Meaning | None:
    if match.letter("u") == "K":
        return Meaning((calendar.weekend(match.now - 14 * DAY),))
    if match.letter("u") == "P":
        return Meaning((calendar.part_of_day(calendar.day(match.now - 2 * DAY), _part(match, "u")),))
    if match.unit() in ("minute", "hour", "day"):
        return None
    return Meaning((calendar.calendar_unit(calendar.shifted(match.now, -2, match.unit()), match.unit()),))


def _part(match: Match, group: str) -> PartOfDay:
    return cast("PartOfDay", match.groups[group].value)


def _weekday_of_week(match: Match) -> Meaning | None:
    if match.unit() != "week":
        return None
    monday = calendar.week(match.now).start + 7 * _steps(match.letter("w")) * DAY
    return Meaning((calendar.day(monday + match.number("d") * DAY),))


def _weekday(match: Match) -> Meaning:
    today, number, letter = calendar.midnight(match.now), match.number("d"), match.letter("w")
    since = (today.weekday() - number) % 7
    if letter and letter in "Ll":
        return Meaning((calendar.day(today - (since or 7) * DAY),))
    if letter == "X":
        return Meaning((calendar.day(today + (7 - since) * DAY),))
    if letter == "T":
        return Meaning((calendar.day(calendar.week(today).start + number * DAY),))
    return Meaning((calendar.day(today - since * DAY), calendar.day(today + (7 - since) * DAY)), by_tense=True)


def _weekend(match: Match) -> Meaning:
    running, letter = calendar.weekend(match.now), match.letter("w")
    past = running if running.start <= match.now else calendar.weekend(match.now - 7 * DAY)
    if letter and letter in "Ll":
        return Meaning((calendar.weekend(match.now - 7 * DAY),))
    if letter:
        return Meaning((calendar.weekend(match.now + (7 * DAY if letter == "X" else 0 * DAY)),))
    return Meaning((past, running), by_tense=True)


def _weekday_before_last(match: Match) -> Meaning:
    last = _weekday(match).spans[0]
    return Meaning((calendar.day(last.start - 7 * DAY),))


def _weekends_ago(match: Match) -> Meaning:
    last = _weekend(match).spans[0]
    return Meaning((calendar.weekend(last.start - 7 * (match.number("n") - 1) * DAY),))


def _relative_day(match: Match) -> Meaning:
    return Meaning((calendar.day(match.now + match.number("p") * DAY),))


def _relative_part(match: Match) -> Meaning:
    offset, part = cast("tuple[int, PartOfDay]", match.groups["p"].value)
    return Meaning((calendar.part_of_day(calendar.day(match.now + offset * DAY), part),))


def _distance(match: Match, sign: int) -> Meaning:
    """Return the time about so many units away; "a few" is two to five."""
    unit = match.unit()
    if match.letter("n") == "F":
        ends = sorted((_shift(match, 2 * sign, unit), _shift(match, 5 * sign, unit)))
        start, end = (calendar.around(each, unit) for each in ends)
        return Meaning((Span(start.start, end.end, f"{calendar.day_label(ends[0])} to {calendar.day_label(ends[1])}"),))
    return Meaning((calendar.around(_shift(match, match.number("n") * sign, unit), unit),))


def _shift(match: Match, by: int, unit: Unit) -> datetime:
    """Return the local time so many units away; hours and minutes pass the same where the clocks change."""
    if unit in ("hour", "minute"):
        there = calendar.shifted(match.zoned.astimezone(UTC), by, unit)
        return there.astimezone(match.zoned.tzinfo).replace(tzinfo=None)
    return calendar.shifted(match.now, by, unit)


_ago = partial(_distance, sign=-1)
_from_now = partial(_distance, sign=1)


def _rolling(match: Match) -> Meaning | None:
    """Return the last three days, the past week, the next two months: from now back or on, today with them."""
    unit, sign = match.unit(), _steps(match.letter("w"))
    count = 1 if "n" not in match.groups else 5 if match.letter("n") == "F" else match.number("n")
    ends = sorted((match.now, _shift(match, sign * count, unit)))
    if unit in ("hour", "minute"):
        return Meaning((Span(ends[0], ends[1], f"{_clock(ends[0])} to {_clock(ends[1])}"),))
    return Meaning((calendar.days(calendar.midnight(ends[0]), calendar.midnight(ends[1]) + DAY),))


def _clock(moment: datetime) -> str:
    return f"{calendar.day_label(moment)} {moment:%H:%M}"


def _year(match: Match) -> Meaning:
    return Meaning((calendar.year_span(match.number("p")),), relative=False)


def _rule(pattern: str, meaning: Callable[[Match], Meaning | None]) -> Rule:
    return re.compile(pattern), meaning


_CLAUSE_ENDS = r"(?=[,.\-tiIY]|$)"
"""What follows a name of a month where it is one: "before May, ..." but not "before May left"."""

RULES: tuple[Rule, ...] = (
    _rule(r"(?P<p>A)", _digits),
    _rule(r"(?:W,?c?)?(?P<d>N)\.?(?:(?:[\-t]c?)(?P<e>N)\.?)?[co]{0,2}(?P<m>[Mm])(?:[,o]{0,2}(?P<y>Y))?", _date),
    _rule(r"(?:W,?c?)?(?P<m>[Mm])c?(?P<d>N)(?:[\-t]c?(?P<e>N))?(?:,?(?P<y>Y))?", _date),
    _rule(r"(?P<p>[MmSH])[,oci]{0,2}(?P<y>Y)", _part_of_year),
    _rule(r"(?P<q>[MmSH])[,oic]{0,3}(?P<w>[LTX])(?P<u>U)", _part_of_stepped_year),
    _rule(r"(?P<w>[LTX])(?P<u>U),?[iI]?c?(?P<q>[MmSH])", _part_of_stepped_year),
    _rule(r"(?<!j)(?P<w>[LTXl])(?P<q>[MmSH])", _stepped_part_of_year),
    _rule(r"(?:[iIrsbuaVBo]|(?<=[MSHY])[t\-])c{0,2}(?P<p>[MSH])", _bare_part_of_year),
    _rule(r"(?:i|(?<=[Mm])t|r(?=m[t\-]c?[Mm]))c?(?P<p>m)(?!z)", _bare_part_of_year),
    _rule(rf"[sbuaVBo](?P<p>m){_CLAUSE_ENDS}", _bare_part_of_year),
    _rule(r"(?P<d>W),?[Iioc]{0,3}(?P<w>[LTX])(?P<u>U)", _weekday_of_week),
    _rule(r"(?P<w>[LTX])(?P<u>U),?[Ii]?c?(?P<d>W)", _weekday_of_week),
    _rule(r"(?<!E)(?<!j)(?P<w>[LTX])(?P<d>[Ww])", _weekday),
    _rule(r"I(?P<p>(?P<d>w))", _weekday),
    _rule(r"(?<!E)(?P<d>W)", _weekday),
    _rule(r"(?P<w>[LTXl])K", _weekend),
    _rule(r"[iIcoa]c?(?P<p>K)", _weekend),
    _rule(r"(?P<w>[LTX])(?P<u>U)(?!o)", _stepped_unit),
    _rule(r"(?P<u>[UKP])bL", _before_last),
    _rule(r"(?P<d>W)bL", _weekday_before_last),
    _rule(r"(?P<n>[OnN])KG", _weekends_ago),
    _rule(r"(?P<p>D)", _relative_day),
    _rule(r"(?P<p>Z)", _relative_part),
    _rule(r"(?P<n>[OnNF])o?(?P<u>U)G", _ago),
    _rule(r"V(?P<n>[OnNF])o?(?P<u>U)G?", _ago),
    _rule(r"(?P<n>[OnNF])o?(?P<u>U)R", _from_now),
    _rule(r"(?P<w>[LlX])(?P<n>[nNF])(?P<u>U)(?!o)", _rolling),
    _rule(r"(?P<n>[nN])(?P<w>[LX])(?P<u>U)", _rolling),
    _rule(r"(?P<w>l)(?P<u>U)(?!o)", _rolling),
    _rule(r"(?:[iIrsbuaVBo]U?|(?<=Y)[t\-])(?P<p>Y)(?!U)", _year),
)

ADJECTIVES_FOLLOW: tuple[Rule, ...] = (
    _rule(r"(?P<q>[MmSH])(?P<w>[LX])", _stepped_part_of_year),
    _rule(r"(?P<q>[MmSH])[oic]{0,3}(?P<u>U)(?P<w>[LX])", _part_of_stepped_year),
    _rule(r"(?P<d>W)[oic]{0,3}(?P<u>U)(?P<w>[LX])", _weekday_of_week),
    _rule(r"(?P<d>W)(?P<w>[LX])", _weekday),
    _rule(r"K(?P<w>[LX])", _weekend),
    _rule(r"(?P<u>U)(?P<w>[LX])", _stepped_unit),
    _rule(r"(?P<n>[nN])(?P<u>U)(?P<w>[LX])", _rolling),
)
"""Further rules for languages in which "last" stands behind its noun."""
