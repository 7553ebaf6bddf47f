"""Turns the dates and clock times of one chat into timestamps, each distinct text read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta, timezone, tzinfo

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


class Clock:
    """Reads the stamps of one chat.

    Timestamps carry the offset that held then as a fixed one: timestamps that share a zone with summer time compare
    and subtract by the clock on the wall, which is wrong by an hour twice a year. On the day when the clocks go
    back, an hour comes twice; the second is meant where the time would otherwise run backwards.
    """

    def __init__(self, zone: tzinfo, order: DateOrder) -> None:
        self._zone, self._order = zone, order
        self.midnights: dict[str, datetime | None] = {}
        self.times: dict[str, timedelta | None] = {}
        self._minutes: dict[str, timedelta | None] = {}
        self._changing: dict[str, date] = {}
        self._last: datetime | None = None

    def knows(self, dates: Iterable[str], times: Iterable[str]) -> bool:
        """Read what is new among these; False when one of them is not a date or a time."""
        if len(self.midnights) > _REMEMBERED or len(self.times) > _REMEMBERED:
            self.midnights.clear()
            self.times.clear()
            self._changing.clear()
            self._minutes.clear()
        days = set(dates)
        clocks = set(times)
        for text in days.difference(self.midnights):
            self.midnights[text] = self._midnight(text)
        for text in clocks.difference(self.times):
            self.times[text] = self._time(text)
        return all(map(self.midnights.__getitem__, days)) and None not in map(self.times.__getitem__, clocks)

    def timestamps(self, dates: Sequence[str], times: Sequence[str]) -> list[datetime]:
        """Return the timestamps of these stamps, all of them known and valid."""
        midnights, clocks = self.midnights, self.times
        # `knows` has checked the whole block; checking each again would double the cost.
        timestamps: list[datetime] = [
            midnights[day] + clocks[clock]  # type: ignore[operator, misc] # neither is None, see above
            for day, clock in zip(dates, times, strict=True)
        ]
        if self._changing and not self._changing.keys().isdisjoint(dates):
            for index, text in enumerate(dates):
                if text in self._changing:
                    before = timestamps[index - 1] if index else self._last
                    timestamps[index] = self._on_changing_day(timestamps[index], before)
        if timestamps:
            self._last = timestamps[-1]
        return timestamps

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
