"""What was said of a time, before a calendar makes a moment of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Literal

Half = Literal["am", "pm"]
Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """What was said of a time, before a calendar makes anything of it. What was not said is None.

    `date` is (year, month, day) with zeros for what was not said; `open_date` says that month and day may be the other
    way round; `not_today`, that the weekday is the "next" one. `minutes` count from midnight, `half` says of which half
    of the day they are; `part` is the hour that a part of the day ("evening") stands for; `or_minutes` are those of
    the others in "at five or six". `every` counts units, `weekdays` are 0 for Monday; `workdays` is the days of a cron
    expression.
    """

    start: int = 0
    end: int = 0
    after: timedelta | None = None
    after_months: int = 0
    days: int | None = None
    weekday: int | None = None
    not_today: bool = False
    date: tuple[int, int, int] | None = None
    open_date: bool = False
    minutes: int | None = None
    or_minutes: tuple[int, ...] = ()
    half: Half | None = None
    part: int | None = None
    every: tuple[int, Unit] | None = None
    weekdays: tuple[int, ...] = ()
    workdays: str | None = None

    @property
    def has_day(self) -> bool:
        """Whether a day was said."""
        return self.days is not None or self.weekday is not None or self.date is not None

    @property
    def has_time(self) -> bool:
        """Whether a time of day was said."""
        return self.minutes is not None or self.part is not None

    @property
    def repeats(self) -> bool:
        """Whether it was said to repeat."""
        return self.every is not None or bool(self.weekdays) or self.workdays is not None

    @property
    def is_plain(self) -> bool:
        """Whether it can hardly be anything but a time, as "Friday night" could in the middle of a sentence."""
        return self.repeats or self.after is not None or (self.has_day and self.minutes is not None)

    def join(self, other: SpokenTime) -> SpokenTime | None:
        """Return this and what was said elsewhere of the same time; None where they contradict each other."""
        mine = (self.has_day, self.has_time, self.repeats, self.after is not None or bool(self.after_months))
        theirs = (other.has_day, other.has_time, other.repeats, other.after is not None or bool(other.after_months))
        if (
            any(a and b for a, b in zip(mine, theirs, strict=True))
            or (mine[3] and theirs[0])
            or (mine[0] and theirs[3])
        ):
            return None
        said = {
            each.name: getattr(other, each.name) for each in fields(SpokenTime) if each.name not in ("start", "end")
        }
        return replace(self, **{name: value for name, value in said.items() if value != _NOTHING[name]})


_NOTHING = {each.name: each.default for each in fields(SpokenTime)}
