"""When a job is due again, whatever the clocks of its zone do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PluginError
from bot.jobs.schedule import Days, cron_schedule, interval, parse_schedule, schedule_of

ZONES = [
    ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
]
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (the bounds must be without)
zones = st.sampled_from(ZONES)
SLACK = timedelta(hours=1)  # what clocks skip at most


@given(moments, moments, st.integers(1, 400), zones)
def test_days_step_by_days_and_keep_the_clock_time_that_there_is(
    due: datetime, now: datetime, days: int, zone: ZoneInfo
) -> None:
    schedule = schedule_of(timedelta(days=days), due, zone)
    assert isinstance(schedule, Days)
    found = schedule.following(due, now, zone)
    local, first = found.astimezone(zone), due.astimezone(zone)
    assert found > now or found > due
    assert (local.date() - first.date()).days % days == 0
    shift = datetime.combine(local.date(), local.time()) - datetime.combine(local.date(), first.time())
    assert timedelta() <= shift + timedelta(seconds=1) <= SLACK + timedelta(seconds=1)
    if now >= due:
        assert found > now
        assert found - now <= timedelta(days=days) + SLACK


@given(moments, moments, st.integers(1, 10**7), zones)
def test_an_interval_steps_by_its_length_past_what_was_missed(
    due: datetime, now: datetime, seconds: int, zone: ZoneInfo
) -> None:
    found = interval(timedelta(seconds=seconds)).following(due, now, zone)
    assert found > max(now, due) or now < due
    assert (found - due) % timedelta(seconds=seconds) == timedelta()
    assert found > now


@given(st.integers(1, 10**6), st.integers(0, 86399), moments)
def test_a_schedule_is_read_as_it_was_written(count: int, second: int, moment: datetime) -> None:
    first = moment.replace(hour=second // 3600, minute=second // 60 % 60, second=second % 60, microsecond=0)
    for repeats in (timedelta(seconds=count), timedelta(days=count % 1000 + 1), "0 9 * * MON", "*/5 * * * *"):
        schedule = schedule_of(repeats, first, ZONES[0])
        assert parse_schedule(str(schedule)) == schedule


def test_what_a_cron_expression_names_in_the_hour_that_is_skipped_is_due_after_it_and_in_the_double_hour_once() -> None:
    berlin = ZONES[1]
    schedule = cron_schedule("30 2 * * *")
    spring = schedule.following(datetime(2024, 3, 30, 12, tzinfo=UTC), datetime(2024, 3, 30, 12, tzinfo=UTC), berlin)
    assert str(spring.astimezone(berlin)) == "2024-03-31 03:00:00+02:00"
    autumn = schedule.following(spring, datetime(2024, 10, 26, 12, tzinfo=UTC), berlin)
    assert str(autumn.astimezone(berlin)) == "2024-10-27 02:30:00+02:00"
    assert str(schedule.following(autumn, autumn, berlin).astimezone(berlin)) == "2024-10-28 02:30:00+01:00"


@pytest.mark.parametrize("repeats", ["", "daily", "60 * * * *", "* * *", "0 0 31 2 *", timedelta(), timedelta(days=-1)])
def test_what_is_no_schedule_is_refused(repeats: str | timedelta) -> None:
    with pytest.raises(PluginError):
        schedule_of(repeats, datetime(2024, 1, 1, tzinfo=UTC), ZONES[0])
