from __future__ import annotations

import time as system_time
from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

import pytest

from bot.configuration.timezones import moment_at, zone_of


@pytest.fixture(params=["Europe/Berlin", "local"])
def berlin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tzinfo]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    system_time.tzset()
    yield zone_of(request.param)
    monkeypatch.undo()
    system_time.tzset()


@pytest.mark.parametrize(
    ("day", "shown", "moment"),
    [
        (date(2024, 1, 15), time(2, 30), "2024-01-15 01:30:00+00:00"),
        (date(2024, 3, 31), time(1, 59), "2024-03-31 00:59:00+00:00"),
        (date(2024, 3, 31), time(2, 30), "2024-03-31 01:30:00+00:00"),  # there is none: half past three
        (date(2024, 3, 31), time(3, 0), "2024-03-31 01:00:00+00:00"),
        (date(2024, 10, 27), time(2, 30), "2024-10-27 00:30:00+00:00"),  # the first of two
        (date(2024, 10, 27), time(3, 0), "2024-10-27 02:00:00+00:00"),
    ],
)
def test_a_time_of_day_is_found_whatever_the_clocks_do(berlin: tzinfo, day: date, shown: time, moment: str) -> None:
    assert str(moment_at(day, shown, berlin)) == moment


def test_the_machines_own_zone_follows_its_daylight_saving(berlin: tzinfo) -> None:
    named = ZoneInfo("Europe/Berlin")
    for month in range(1, 13):
        noon = datetime(2024, month, 1, 12, tzinfo=named)
        assert noon.astimezone(berlin).utcoffset() == noon.utcoffset()
