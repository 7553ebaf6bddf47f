"""Turns the dates and clock times of one chat into timestamps, each distinct text read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from operator import add
from typing import TypeVar

from adapters.exports.parsed import DateOrder
from adapters.exports.whatsapp.dates import LAST_YEAR, read_triple
from adapters.exports.whatsapp.headers import read_time

_FIRST_YEAR = 1970
_REMEMBERED = 200_000
"""Distinct texts kept; more than any chat has, and a bound for files made to hurt."""
_WITH_SECONDS = re.compile(r"(\D*\d{1,2}([:.])[0-5]\d)\2([0-5][0-9])(\D*)")
_MIDNIGHT = time()
_DAY = timedelta(days=1)
_SECONDS = {f"{second:02}": timedelta(seconds=second) for second in range(60)}


_Value = TypeVar("_Value")


class _Read(dict[str, _Value | None]):
    """What texts mean; one that is not known is read when it is asked for."""

    def __init__(self, read: Callable[[str], _Value | None]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> _Value | None:
        found = self[text] = self._read(text)
        return found


_LookedUp = tuple[Sequence[str], Sequence[str], list[datetime | None], list[timedelta | None]]


class Clock:
    """Reads the stamps of one chat.

    Timestamps carry the offset that held then as a fixed one: timestamps that share a zone with summer time compare
    and subtract by the clock on the wall, which is wrong by an hour twice a year. On the day when the clocks go
    back, an hour comes twice; the second is meant where the time would otherwise run backwards.
    """

    def __init__(self, zone: tzinfo, order: DateOrder) -> None:
        self._zone, self._order = zone, order
        self.midnights = _Read[datetime](self._midnight)
        self.times = _Read[timedelta](self._time)
        self._minutes: dict[str, timedelta | None] = {}
        self._changing: dict[str, date] = {}
        self._looked_up: _LookedUp = ((), (), [], [])
        self._last: datetime | None = None

    def knows(self, dates: Sequence[str], times: Sequence[str]) -> bool:
        """Read what is new among these; False when one of them is not a date or a time."""
        if len(self.midnights) > _REMEMBERED or len(self.times) > _REMEMBERED:
            self.midnights.clear()
            self.times.clear()
            self._changing.clear()
            self._minutes.clear()
        midnights, clocks = self._look_up(dates, times)
        self._looked_up = dates, times, midnights, clocks
        return None not in midnights and None not in clocks

    def timestamps(self, dates: Sequence[str], times: Sequence[str]) -> list[datetime]:
        """Return the timestamps of these stamps, all of them known and valid."""
        known_dates, known_times, midnights, clocks = self._looked_up
        if known_dates is not dates or known_times is not times or len(midnights) < len(dates):
            midnights, clocks = self._look_up(dates, times)
        # `knows` has checked the whole block; looking each up again would double the cost. Of its last row there may
        # be more to come: then it has looked up one too many.
        del midnights[len(dates) :], clocks[len(times) :]
        timestamps: list[datetime] = list(map(add, midnights, clocks))
        if self._changing and not self._changing.keys().isdisjoint(dates):
            for index, text in enumerate(dates):
                if text in self._changing:
                    before = timestamps[index - 1] if index else self._last
                    timestamps[index] = self._on_changing_day(timestamps[index], before)
        if timestamps:
            self._last = timestamps[-1]
        return timestamps

    def _look_up(
        self, dates: Sequence[str], times: Sequence[str]
    ) -> tuple[list[datetime | None], list[timedelta | None]]:
        return list(map(self.midnights.__getitem__, dates)), list(map(self.times.__getitem__, times))

    def _time(self, text: str) -> timedelta | None:
        """Return the time since midnight; of one with seconds the minute is read once, for there are sixty of each."""
        found = _WITH_SECONDS.fullmatch(text)
        if found is None:
            return read_time(text)
        to_the_minute, _, seconds, after = found.groups()
        text = to_the_minute + after
        if text not in self._minutes:
            self._minutes[text] = read_time(text)
        minute = self._minutes[text]
        return None if minute is None else minute + _SECONDS[seconds]

    def _midnight(self, text: str) -> datetime | None:
        triple = read_triple(text)
        day = triple and triple.read(self._order)
        if not day or not _FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        midnight = datetime.combine(day, _MIDNIGHT)
        offset = self._offset(midnight)
        if offset != self._offset(midnight + _DAY):
            self._changing[text] = day
        return midnight.replace(tzinfo=timezone(offset))

    def _offset(self, wall: datetime, fold: int = 0) -> timedelta:
        return wall.replace(tzinfo=self._zone, fold=fold).utcoffset() or timedelta()

    def _on_changing_day(self, moment: datetime, before: datetime | None) -> datetime:
        wall = moment.replace(tzinfo=None)
        offsets = self._offset(wall), self._offset(wall, fold=1)
        first, second = (wall.replace(tzinfo=timezone(offset)) for offset in offsets)
        hour_comes_twice = offsets[0] > offsets[1]
        if hour_comes_twice and before is not None and first < before < second + (offsets[0] - offsets[1]):
            return second
        return first
