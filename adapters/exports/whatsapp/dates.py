"""Reads WhatsApp's dates: calendars, two-digit years, and whether day or month comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from adapters.exports.parsed import DateOrder
from adapters.exports.whatsapp.named_dates import read_named, weekday_of

FOUNDED = 2009
"""WhatsApp's first year: an order that puts messages before it is wrong."""
LAST_YEAR = 2100
DECISIVE_DAYS = 8
"""So many different days that only one order can read settle the question without reading on."""
FAR_SHORTER = 1.5
"""One order's days must lie this much closer together than the other's to be believed."""
ENOUGH_STEPS = 3
"""So many changes of the day make a pattern; fewer may be chance, and the user is told."""

RAREST: DateOrder = "ydm"
"""No region writes so by itself, though phones can be set to it: believed only where no other order can be."""

ERAS = {"R": 2018, "令和": 2018, "H": 1988, "平成": 1988, "S": 1925, "昭和": 1925, "民國": 1911, "民国": 1911}
"""What to add to a year of the era; the Japanese ones by letter and in full, and Taiwan's."""
BUDDHIST_OFFSET = 543
JALALI_YEARS = range(1380, 1480)
"""Years that only the Persian calendar can mean: 2001 to 2100."""

_DIGITS = re.compile(r"\d+")
_PADDED = re.compile(r"(?<!\d)0\d")
_UNPADDED = re.compile(r"(?<!\d)[1-9](?!\d)")
_ERA = re.compile("|".join(f"{era}(?= ?\\d)" for era in sorted(ERAS, key=len, reverse=True)))
_BUDDHIST = re.compile(r"BE|พ\.ศ\.")


@dataclass(frozen=True, slots=True)
class Triple:
    """The three numbers of a date as written, and where the year must stand (0 or 2) if that is plain."""

    numbers: tuple[int, int, int]
    year_at: int | None
    year_offset: int = 0
    weekday: int | None = None
    """The weekday that the date names, Monday being 0: no other day is meant."""
    is_named: bool = False
    """Whether the month is named: then the numbers are day, month and year."""
    has_year: bool = True

    def orders(self) -> tuple[DateOrder, ...]:
        """Return the orders that the form allows."""
        if self.is_named:
            return ("dmy",)
        if self.year_at == 0:
            return ("ymd",) if self.year_offset else ("ymd", RAREST)
        return ("dmy", "mdy") if self.year_at else ("dmy", "mdy", "ymd", RAREST)

    def read(self, order: DateOrder) -> date | None:
        """Return the day that is meant if the numbers stand in `order`; None when there is no such day."""
        if order not in self.orders():
            order = "ymd" if self.year_at == 0 else "dmy"
        first, second, third = self.numbers
        year, month, day = {
            "dmy": (third, second, first),
            "mdy": (third, first, second),
            "ymd": (first, second, third),
            "ydm": (first, third, second),
        }[order]
        found = _day(_full_year(year + self.year_offset), month, day)
        wrong = found is not None and self.weekday is not None and found.weekday() != self.weekday
        return None if wrong else found


def read_triple(text: str) -> Triple | None:
    """Return the numbers of a date such as "18/3/22", "2022年3月18日", "3/18/2565 BE" or "3/18/R4"."""
    found = _DIGITS.findall(text)
    if len(found) < 3 and (named := read_named(text)):
        year = FOUNDED if named.year is None else named.year
        return Triple((named.day, named.month, year), 2, is_named=True, has_year=named.year is not None)
    if len(found) != 3:
        return None
    numbers = (int(found[0]), int(found[1]), int(found[2]))
    if era := _ERA.search(text):
        at = 0 if era.end() <= text.index(found[0]) else 2
        return Triple(numbers, at, ERAS[era.group()])
    year_at = 0 if len(found[0]) > 2 else 2 if len(found[2]) > 2 else None
    offset = -BUDDHIST_OFFSET if _BUDDHIST.search(text) and year_at is not None else 0
    return Triple(numbers, year_at, offset, weekday_of(text))


def _full_year(year: int) -> int:
    if year < 100:
        return 2000 + year
    # Thai phones write Buddhist years with and without "BE".
    return year - BUDDHIST_OFFSET if year >= FOUNDED + BUDDHIST_OFFSET - 100 else year


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return _from_jalali(year, month, day) if year in JALALI_YEARS else date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _from_jalali(year: int, month: int, day: int) -> date:
    """Return the Gregorian day; the 33-year leap cycle is exact for the years in question."""
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        raise ValueError
    since_1380 = year - 1380
    leaps = sum((1380 + passed) % 33 in (1, 5, 9, 13, 17, 22, 26, 30) for passed in range(since_1380))
    in_year = (month - 1) * 31 - max(month - 7, 0) + day - 1
    return date(2001, 3, 21) + timedelta(days=since_1380 * 365 + leaps + in_year)


@dataclass(slots=True)
class _OrderFit:
    """How well one order fits the days of a file."""

    impossible: int = 0
    backward: int = 0
    distance: int = 0
    steps: int = 0
    last: date | None = None
    too_late: int = 0

    def add(self, day: date | None, latest: date | None) -> None:
        if day is None or not FOUNDED <= day.year <= LAST_YEAR:
            self.impossible += 1
            return
        self.too_late += latest is not None and day > latest
        if self.last is not None:
            step = (day - self.last).days
            self.backward += step < 0
            self.distance += abs(step)
            self.steps += step != 0
        self.last = day


@dataclass(slots=True)
class DateEvidence:
    """Decides day/month order over a whole file, from its dates in file order, in constant memory.

    The rules: an order that yields impossible days loses; then the one that goes back in time more often; then
    the one whose days lie far apart (a chat's month changes less often than its day). Messages do come out of
    order, so going back proves something only when one order does it and the other does not, or far less.
    """

    latest: date | None = None
    """The day of the export, where it is known: what was said later can't be in it."""
    orders: tuple[DateOrder, ...] = ()
    example: str = ""
    padded: bool = False
    """Whether a day or month has a leading zero somewhere."""
    unpadded: bool = False
    """Whether one has a single digit somewhere."""
    left_open: tuple[DateOrder, ...] = ()
    _readings: dict[DateOrder, _OrderFit] = field(default_factory=dict)
    _decisive: int = 0
    _differing: bool = False
    _media_votes: dict[DateOrder, int] = field(default_factory=dict)

    def feed(self, dates: Iterable[str]) -> None:
        """Take the dates of the next messages, as written."""
        for text, _ in groupby(dates):
            triple = read_triple(text)
            if triple is not None:
                self._take(text, triple)

    def _take(self, text: str, triple: Triple) -> None:
        if not self._readings:
            self.orders = triple.orders()
            self._readings = {order: _OrderFit() for order in self.orders}
        days = {order: triple.read(order) for order in self.orders}
        for order, day in days.items():
            self._readings[order].add(day, self.latest)
        self.padded = self.padded or _PADDED.search(text) is not None
        self.unpadded = self.unpadded or _UNPADDED.search(text) is not None
        possible = [order for order, reading in self._readings.items() if not reading.impossible]
        if days.get("dmy") != days.get("mdy") and not self._differing:
            self._differing, self.example = True, text
        self._decisive = self._decisive + 1 if len(possible) == 1 else 0

    def feed_media(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take (date of the message, YYYYMMDD in the name of the file it carries): the day is often the same."""
        for text, digits in pairs:
            triple = read_triple(text)
            day = _day(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
            for order in self.orders if triple and day else ():
                if triple is not None and triple.read(order) == day:
                    self._media_votes[order] = self._media_votes.get(order, 0) + 1

    @property
    def settled(self) -> bool:
        """Whether reading on can't change the outcome."""
        return len(self.orders) == 1 or self._decisive >= DECISIVE_DAYS

    def decide(self, fallback: DateOrder) -> tuple[DateOrder, bool]:
        """Return the order, and whether it is certain; `fallback` is taken when the file leaves it open."""
        if not self._readings:
            return fallback, True  # there is no date to be read
        left = list(self._readings)
        for rule in (self._least_impossible, self._least_late, self._most_media):
            left = rule(left)
            if len(left) == 1:
                return left[0], True
        before = list(left)
        for rule in (self._least_backward, self._shortest):
            left = rule(left)
            if len(left) == 1:
                self.left_open = tuple(before)
                return left[0], not self._differing or self._readings[left[0]].steps >= ENOUGH_STEPS
        order = fallback if fallback in left else left[0]
        self.left_open = tuple(left)
        return order, not (self._differing and {"dmy", "mdy"} <= set(left))

    def open_orders(self) -> dict[DateOrder, date]:
        """Return what the example means in each order that was left open."""
        triple = read_triple(self.example)
        days = {order: triple.read(order) for order in self.left_open} if triple else {}
        return {order: day for order, day in days.items() if day is not None}

    def _least_impossible(self, orders: list[DateOrder]) -> list[DateOrder]:
        least = min((self._readings[order].impossible for order in orders), default=0)
        kept = [order for order in orders if order not in self._readings or self._readings[order].impossible == least]
        return [order for order in kept if order != RAREST] or kept

    def _least_late(self, orders: list[DateOrder]) -> list[DateOrder]:
        least = min(self._readings[order].too_late for order in orders)
        return [order for order in orders if self._readings[order].too_late == least]

    def _most_media(self, orders: list[DateOrder]) -> list[DateOrder]:
        most = max((self._media_votes.get(order, 0) for order in orders), default=0)
        return [order for order in orders if self._media_votes.get(order, 0) == most]

    def _least_backward(self, orders: list[DateOrder]) -> list[DateOrder]:
        least = min(self._readings[order].backward for order in orders)
        return [order for order in orders if self._readings[order].backward < max(2 * least, 1)] or orders

    def _shortest(self, orders: list[DateOrder]) -> list[DateOrder]:
        least = min(self._readings[order].distance for order in orders)
        return [order for order in orders if self._readings[order].distance <= FAR_SHORTER * least]
