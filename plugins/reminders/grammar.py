"""From words with meanings to what was said of a time: a day, a time of day, a span from now, a repetition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from plugins.reminders.lexer import Item
from plugins.reminders.spoken_time import Half, SpokenTime

_LAST_HOUR = 24


def read_time_at(items: Sequence[Item], at: int) -> SpokenTime | None:
    """Return the time that is said from an item on, as much of it as there is; None where none begins."""
    reader = _TimeReader(items, at)
    return reader.read()


class _TimeReader:
    """Reads one time, piece by piece; each piece is said at most once."""

    def __init__(self, items: Sequence[Item], at: int) -> None:
        self._items = items
        self._start = self._at = at
        self._said = SpokenTime()

    def read(self) -> SpokenTime | None:
        pieces = [self._repeat, self._relative, self._day, self._time]
        end = self._start
        while (piece := next((each for each in pieces if self._reads(each)), None)) is not None:
            pieces.remove(piece)
            end = self._at
        if end == self._start:
            return None
        return replace(self._said, start=self._items[self._start].start, end=self._items[end - 1].end)

    def _reads(self, piece: Callable[[], bool]) -> bool:
        """Try a piece; where it is not there, nothing has been read."""
        at, said = self._at, self._said
        if piece() and self._at > at:
            return True
        self._at, self._said = at, said
        return False

    # pieces

    def _repeat(self) -> bool:
        if self._peek("on") and self._peek("weekdays", 1):
            self._at += 1
        if (adverb := self._take("adverb")) is not None:
            return self._say(every=(1, adverb.value))
        if (named := self._take("weekdays")) is not None:
            return self._say(weekdays=self._more_weekdays(named, "weekdays"))
        return self._take("every") is not None and self._every()

    def _every(self) -> bool:
        """Read what follows "every"."""
        if (named := self._take("workdays")) is not None:
            return self._say(workdays=named.value)
        if (named := self._take("weekday")) is not None:
            return self._say(weekdays=self._more_weekdays(named, "weekday"))
        if (hour := self._take("part")) is not None and isinstance(hour.value, tuple):
            return self._say(every=(1, "day"), part=hour.value[0])
        count = 2 if self._take("other") is not None else self._number() or 1
        unit = self._take("unit")
        return unit is not None and self._say(every=(count, unit.value))

    def _more_weekdays(self, first: Item, kind: str) -> tuple[int, ...]:
        found = [_int(first)]
        while True:
            skip = 1 if self._peek("and") else 0
            skip += 1 if self._peek("on", skip) else 0
            if not (self._peek(kind, skip) or (skip and self._peek("weekday", skip))):
                return tuple(found)
            self._at += skip
            found.append(_int(self._items[self._at]))
            self._at += 1

    def _relative(self) -> bool:
        marked = self._take("in") is not None
        span = self._span()
        if span is None:
            return False
        if self._take("and") is not None and (more := self._span()) is not None:
            span = span[0] + more[0], span[1] + more[1]
        if not (marked or self._take("from now") is not None):
            return False
        return self._say(after=span[0], after_months=span[1])

    def _span(self) -> tuple[timedelta, int] | None:
        """Read "two hours" as the time and the months that it is."""
        if (fixed := self._take("duration")) is not None and isinstance(fixed.value, timedelta):
            return fixed.value, 0
        at, count = self._at, self._number()
        unit = None if count is None else self._take("unit")
        if count is None or unit is None:
            self._at = at
            return None
        match unit.value:
            case "month":
                return timedelta(), count
            case "year":
                return timedelta(), 12 * count
        return count * _SPANS[str(unit.value)], 0

    def _day(self) -> bool:
        if (named := self._take("today part")) is not None and isinstance(named.value, tuple):
            return self._say(days=0, part=named.value[0], half=named.value[1])
        if (named := self._take("day")) is not None:
            return self._say(days=named.value)
        marked = self._skip("on")
        is_next = self._take("next") is not None
        unit = self._take("unit") if is_next else None
        if unit is None and (weekday := self._take("weekday")) is not None:
            return self._weekday(weekday, is_next=is_next)
        unit = unit or self._take("unit")
        if unit is not None and (is_next or self._take("next after") is not None):
            return self._next(unit)
        if unit is not None and unit.value != "day":
            return False
        return self._calendar() or (marked and self._month_day(unit))

    def _weekday(self, weekday: Item, *, is_next: bool) -> bool:
        is_next = self._take("next after") is not None or is_next
        self._reads(self._calendar)  # "Monday, 12 June" is that date
        return self._said.date is not None or self._say(weekday=weekday.value, not_today=is_next)

    def _next(self, unit: Item) -> bool:
        months = {"month": 1, "year": 12}.get(str(unit.value))
        if months is not None:
            return self._say(after_months=months, after=timedelta())
        return self._say(days={"week": 7, "day": 1}.get(str(unit.value), -1))

    def _calendar(self) -> bool:
        if (date := self._take("date")) is not None:
            written = str(date.value)
            numbers = tuple(map(int, written.removeprefix("?").split("-")))
            return self._say(date=numbers, open_date=written.startswith("?"))
        at = self._at
        day = self._ordinal()
        if day is not None:
            self._skip("on")
        month = self._take("month")
        if day is None and month is not None:
            day = self._ordinal()
        if day is None or month is None:
            self._at = at
            return False
        self._skip("on")
        return self._say(date=(self._year(), _int(month), day))

    def _year(self) -> int:
        item = self._item(0)
        if item is not None and item.kind == "number" and _int(item) > 1900:
            self._at += 1
            return _int(item)
        return 0

    def _month_day(self, unit: Item | None) -> bool:
        """Read "on the 15th"; "on 15" only where it says that it is a day."""
        item = self._item(0)
        if item is None or not (item.kind == "ordinal" or (item.kind == "number" and unit is not None)):
            return False
        self._at += 1
        return self._say(date=(0, 0, _int(item)))

    def _time(self) -> bool:
        marked = self._skip("at") or self._peek_after_on()
        if (hour := self._take("hour")) is not None:
            return self._say(minutes=_int(hour) * 60, half=None if hour.value == 0 else "pm")
        if (part := self._take("part") or self._morning()) is not None and isinstance(part.value, tuple):
            self._say(part=part.value[0], half=part.value[1])
            self._reads(self._clock_after_part)
            return True
        return self._clock(marked=marked)

    def _clock_after_part(self) -> bool:
        """Read the time in "in the evening at eight"."""
        part = self._said
        return self._skip("at") and self._clock(marked=True) and self._say(part=None, half=self._said.half or part.half)

    def _clock(self, *, marked: bool) -> bool:
        past = self._take("past")
        minutes, half = self._hour(marked=marked or past is not None)
        if minutes is None:
            return False
        plus = self._take("plus")
        minutes += sum(_int(each) for each in (past, plus) if each is not None)
        if (said := self._take("half")) is not None:
            half = "am" if said.value == "am" else "pm"
        elif (part := self._take("part")) is not None and isinstance(part.value, tuple):
            half = "am" if part.value[1] == "am" else "pm"
        self._say(minutes=minutes, half=half)
        self._reads(self._other_clock)
        return True

    def _other_clock(self) -> bool:
        """Read the other times in "at five or six", and the "or so" after a time."""
        first = self._said
        if self._skip("or so"):
            return True
        if not self._skip("or"):
            return False
        self._skip("at")
        if not self._clock(marked=True):
            return False
        others = (self._said.minutes or 0, *self._said.or_minutes)
        return self._say(minutes=first.minutes, half=first.half or self._said.half, or_minutes=others)

    def _hour(self, *, marked: bool) -> tuple[int | None, Half | None]:
        if (clock := self._take("clock")) is not None:
            self._take("o'clock")
            if isinstance(clock.value, tuple):
                return clock.value[0], "am" if clock.value[1] == "am" else "pm"
            return _int(clock), None
        item, unit = self._item(0), self._item(1)
        if item is None or item.kind not in {"number", "ordinal"} or _int(item) > _LAST_HOUR:
            return None, None
        is_hour = unit is not None and (unit.kind == "o'clock" or (marked and unit.value == "hour"))
        followed = unit is not None and unit.kind in {"half", "part", "plus"}
        if not (marked or is_hour or followed):
            return None, None
        self._at += 2 if is_hour else 1
        return _int(item) * 60, None

    # the words ahead

    def _morning(self) -> Item | None:
        """Read "morgen" after a day: there it means the morning, not another day."""
        item = self._item(0)
        if item is None or item.kind != "day" or item.value != 1 or not self._said.has_day:
            return None
        self._at += 1
        return replace(item, kind="part", value=(9, "am"))

    def _peek_after_on(self) -> bool:
        """Skip "on" before a time, where a language has such a word there; it marks nothing."""
        if self._peek("on") and (self._peek("part", 1) or self._peek("at", 1) or self._peek("hour", 1)):
            self._at += 1
            return self._skip("at")
        return False

    def _number(self) -> int | None:
        item = self._take("number")
        return None if item is None else _int(item)

    def _ordinal(self) -> int | None:
        item = self._item(0)
        if item is None or item.kind not in {"number", "ordinal"} or not 1 <= _int(item) <= 31:
            return None
        self._at += 1
        return _int(item)

    def _item(self, ahead: int) -> Item | None:
        at = self._at + ahead
        return self._items[at] if at < len(self._items) else None

    def _peek(self, kind: str, ahead: int = 0) -> bool:
        item = self._item(ahead)
        return item is not None and item.kind == kind

    def _take(self, kind: str) -> Item | None:
        item = self._item(0)
        if item is None or item.kind != kind:
            return None
        self._at += 1
        return item

    def _skip(self, kind: str) -> bool:
        """Skip words of a kind; say whether there were any."""
        at = self._at
        while self._peek(kind):
            self._at += 1
        return self._at > at

    def _say(self, **said: object) -> bool:
        self._said = replace(self._said, **said)  # type: ignore[arg-type]  # the values are what the vocabulary has for the kind
        return True


_SPANS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


def _int(item: Item) -> int:
    return item.value if isinstance(item.value, int) else 0
