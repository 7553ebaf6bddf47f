"""What the words of a time mean: for each rule of `memory.timeline.rules`, what its match stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import cast

from memory.timeline import calendar
from memory.timeline.calendar import DAY, InYear, PartOfDay, Season, TimeSpan, Unit
from memory.timeline.token_classes import TokenClass
from memory.timeline.tokens import Token


@dataclass(frozen=True, slots=True)
class Meaning:
    """What some words mean: one span, or several where the words alone don't say which.

    With `by_tense` there are two: the latest that is over or running, and the next. `in_year` gives the same in
    another year, for a month or a feast that was named without one. `relative` says that it hangs on when it was said.
    """

    spans: tuple[TimeSpan, ...]
    by_tense: bool = False
    in_year: InYear | None = None
    relative: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's match: the tokens of its groups, and the local time at which the text was said."""

    groups: dict[str, Token]
    now: datetime
    zoned: datetime
    month_first: bool | None = None
    """Whether a month in digits stands before its day; None where that is open."""

    def number(self, name: str) -> int:
        """Return the number that a group's token stands for."""
        return cast("int", self.groups[name].value)

    def year(self, name: str = "year") -> int:
        """Return the year that a group's token stands for, which may be written as '24."""
        return calendar.full_year(self.number(name), self.now)

    def unit(self, name: str = "unit") -> Unit:
        """Return the unit that a group's token stands for."""
        return cast("Unit", self.groups[name].value)

    def letter(self, name: str) -> str:
        """Return the class of a group's token, "" if the group took no part."""
        return self.groups[name].letter if name in self.groups else ""


_BACK = frozenset({TokenClass.LAST, TokenClass.PAST})


def in_year(token: Token) -> InYear:
    """Return what a month, a season or a feast is in a year."""
    if token.letter == TokenClass.SEASON:
        return lambda year: calendar.season(year, cast("Season", token.value))
    if token.letter == TokenClass.FEAST:
        return lambda year: calendar.feast(year, str(token.value))
    return lambda year: calendar.month(year, cast("int", token.value) + 1)


def yearless(of: InYear, now: datetime) -> Meaning:
    """Return the latest one that is over or running and the next one, of what comes once a year.

    Raises ValueError for what never comes, such as 30 February.
    """
    near = [span for year in range(now.year - 9, now.year + 9) if (span := existing(of, year)) is not None]
    past = [span for span in near if span.start <= now]
    future = [span for span in near if span.end > now]
    if not past or not future:
        raise ValueError("there is no such day")
    return Meaning((past[-1], future[0]), by_tense=True, in_year=of)


def existing(of: InYear, year: int) -> TimeSpan | None:
    """Return the span in that year; None for 29 February of most years, or beyond the calendar's ends."""
    try:
        return of(year)
    except (ValueError, OverflowError):
        return None


def step(of: InYear, letter: str, now: datetime) -> Meaning:
    """Return last, this or next May, summer, Christmas, ... Raises ValueError beyond the calendar's ends."""
    near = [span for year in range(now.year - 2, now.year + 3) if (span := existing(of, year)) is not None]
    past = [span for span in near if span.end <= now]
    future = [span for span in near if span.start > now]
    if letter in _BACK and past:
        return Meaning((past[-1],))
    if letter == TokenClass.NEXT and future:
        return Meaning((future[0],))
    if letter in _BACK or letter == TokenClass.NEXT:
        raise ValueError("the calendar ends before")
    running = [span for span in near if span.start <= now < span.end]
    return Meaning((running[0] if running else of(now.year),))


def read_date(match: Match) -> Meaning:
    """Read "3 May", "3 to 5 May 2024"; without a year the last one or the next."""
    first = match.number("day")
    last = match.number("last_day") if "last_day" in match.groups else None
    number = match.number("month") + 1

    def of(year: int) -> TimeSpan:
        return calendar.date_span(year, number, first, last)

    if "year" in match.groups:
        return Meaning((of(match.year()),), relative=False)
    return yearless(of, match.now)


def read_date_of_short_year(match: Match) -> Meaning | None:
    """Read "22 Dec 17" where nothing follows; None for "3 May 5"."""
    return read_date(match) if len(match.groups["year"].text) == 2 else None


def read_part_of_year(match: Match) -> Meaning:
    """Read "May 2024", "Christmas 2023"."""
    return Meaning((in_year(match.groups["named"])(match.year()),), relative=False)


def read_part_of_stepped_year(match: Match) -> Meaning | None:
    """Read "May last year", "next year in spring"."""
    if match.unit() != "year":
        return None
    year = match.now.year + _steps(match.letter("which"))
    return Meaning((in_year(match.groups["part"])(year),))


def _steps(letter: str) -> int:
    return -1 if letter in _BACK else 1 if letter == TokenClass.NEXT else 0


def read_stepped_part_of_year(match: Match) -> Meaning | None:
    """Read "last May", "next summer"; None for "this may be"."""
    token = match.groups["part"]
    if token.letter == TokenClass.MAYBE_MONTH and match.letter("which") == TokenClass.THIS and not token.capital:
        return None  # "this may be"
    return step(in_year(token), match.letter("which"), match.now)


def read_bare_part_of_year(match: Match) -> Meaning:
    """Read "in May", "at Christmas": the last one or the next, as the tense tells."""
    return yearless(in_year(match.groups["named"]), match.now)


def read_stepped_unit(match: Match) -> Meaning | None:
    """Read "last week", "this month", "next year": the whole one of the calendar."""
    unit = match.unit()
    if unit in ("minute", "hour", "day"):
        return None
    return Meaning((calendar.calendar_unit(calendar.shift(match.now, _steps(match.letter("which")), unit), unit),))


def read_before_last(match: Match) -> Meaning | None:
    """Read "the week before last", "the weekend before last"."""
    if match.letter("unit") == TokenClass.WEEKEND:
        return Meaning((calendar.weekend(match.now - 14 * DAY),))
    if match.letter("unit") == TokenClass.PART_OF_DAY:
        return Meaning((calendar.part_of_day(calendar.day(match.now - 2 * DAY), _part(match, "unit")),))
    if match.unit() in ("minute", "hour", "day"):
        return None
    return Meaning((calendar.calendar_unit(calendar.shift(match.now, -2, match.unit()), match.unit()),))


def _part(match: Match, group: str) -> PartOfDay:
    return cast("PartOfDay", match.groups[group].value)


def read_weekday_of_week(match: Match) -> Meaning | None:
    """Read "Monday last week", "next week on Monday"."""
    if match.unit() != "week":
        return None
    monday = calendar.week(match.now).start + 7 * _steps(match.letter("which")) * DAY
    return Meaning((calendar.day(monday + match.number("day") * DAY),))


def read_weekday(match: Match) -> Meaning:
    """Read "Monday", "last Monday", "next Monday"."""
    today, number, letter = calendar.midnight(match.now), match.number("day"), match.letter("which")
    since = (today.weekday() - number) % 7
    if letter in _BACK:
        return Meaning((calendar.day(today - (since or 7) * DAY),))
    if letter == TokenClass.NEXT:
        return Meaning((calendar.day(today + (7 - since) * DAY),))
    if letter == TokenClass.THIS:
        return Meaning((calendar.day(calendar.week(today).start + number * DAY),))
    return Meaning((calendar.day(today - since * DAY), calendar.day(today + (7 - since) * DAY)), by_tense=True)


def read_weekend(match: Match) -> Meaning:
    """Read "the weekend", "last weekend"."""
    running, letter = calendar.weekend(match.now), match.letter("which")
    past = running if running.start <= match.now else calendar.weekend(match.now - 7 * DAY)
    if letter in _BACK:
        return Meaning((calendar.weekend(match.now - 7 * DAY),))
    if letter:
        return Meaning((calendar.weekend(match.now + (7 * DAY if letter == TokenClass.NEXT else 0 * DAY)),))
    return Meaning((past, running), by_tense=True)


def read_weekday_before_last(match: Match) -> Meaning:
    """Read "the Monday before last"."""
    last = read_weekday(match).spans[0]
    return Meaning((calendar.day(last.start - 7 * DAY),))


def read_weekends_ago(match: Match) -> Meaning:
    """Read "two weekends ago"."""
    last = read_weekend(match).spans[0]
    return Meaning((calendar.weekend(last.start - 7 * (match.number("count") - 1) * DAY),))


def read_relative_day(match: Match) -> Meaning:
    """Read "yesterday", "the day after tomorrow"."""
    return Meaning((calendar.day(match.now + match.number("named") * DAY),))


def read_relative_part(match: Match) -> Meaning:
    """Read "tonight", "yesterday evening"."""
    offset, part = cast("tuple[int, PartOfDay]", match.groups["named"].value)
    return Meaning((calendar.part_of_day(calendar.day(match.now + offset * DAY), part),))


def _distance(match: Match, sign: int) -> Meaning:
    """Return the time about so many units away; "a few" is two to five."""
    unit = match.unit()
    if match.letter("count") == TokenClass.FEW:
        ends = sorted((_shift(match, 2 * sign, unit), _shift(match, 5 * sign, unit)))
        start, end = (calendar.around(each, unit) for each in ends)
        return Meaning(
            (TimeSpan(start.start, end.end, f"{calendar.day_label(ends[0])} to {calendar.day_label(ends[1])}"),)
        )
    return Meaning((calendar.around(_shift(match, match.number("count") * sign, unit), unit),))


def _shift(match: Match, by: int, unit: Unit) -> datetime:
    """Return the local time so many units away; hours and minutes pass the same where the clocks change."""
    if unit in ("hour", "minute"):
        there = calendar.shift(match.zoned.astimezone(UTC), by, unit)
        return there.astimezone(match.zoned.tzinfo).replace(tzinfo=None)
    return calendar.shift(match.now, by, unit)


read_ago = partial(_distance, sign=-1)
read_from_now = partial(_distance, sign=1)


def _most(match: Match) -> int:
    """Return how many are meant at most: "a few" is five."""
    return 5 if match.letter("count") == TokenClass.FEW else match.number("count")


def read_rolling(match: Match) -> Meaning | None:
    """Read "the last three days", "the past week", "the next two months": from now back or on, today with them."""
    unit, sign = match.unit(), _steps(match.letter("which"))
    count = _most(match) if "count" in match.groups else 1
    ends = sorted((match.now, _shift(match, sign * count, unit)))
    if unit in ("hour", "minute"):
        return Meaning((TimeSpan(ends[0], ends[1], f"{_clock(ends[0])} to {_clock(ends[1])}"),))
    return Meaning((calendar.days(calendar.midnight(ends[0]), calendar.midnight(ends[1]) + DAY),))


def _clock(moment: datetime) -> str:
    return f"{calendar.day_label(moment)} {moment:%H:%M}"


def read_year(match: Match) -> Meaning:
    """Read "in 2023"."""
    return Meaning((calendar.year_span(match.year("named")),), relative=False)
