"""From what was said of a time to the moment that is meant: never in the past, nor one of two that may be meant."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cronsim import CronSim

from bot import CommandError, moment_at
from bot.translation import format_long_weekday, gettext, month_name
from plugins.reminders.spoken_time import Half, SpokenTime

_NOON = 12 * 60
_DAY = 24 * 60
_SHORTEST = timedelta(minutes=5)
_MONTHS_APART = (1, 2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class Plan:
    """A moment, how it repeats (a cron expression or a time), and what is to be said about it."""

    first: datetime
    repeats: str | timedelta | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """Several moments that may be meant, by what tells them apart."""

    options: Mapping[str, SpokenTime]


@dataclass(frozen=True, slots=True)
class TimeMissing:
    """A day that is half over, and no time of it: there is nothing to take for granted."""

    spoken: SpokenTime


def resolve(spoken: SpokenTime, now: datetime, morning: time) -> Plan | TimeChoice | TimeMissing:
    """Return the moment that is meant, seen from `now` in the person's zone; a day without a time means `morning`.

    Raises CommandError for what is past, and for what is neither a date nor a time.
    """
    if spoken.minutes is not None and not 0 <= spoken.minutes < _DAY:
        raise CommandError(gettext("That is not a time of day. A day has 24 hours."))
    try:
        return _resolve_time(spoken, now, morning)
    except (ValueError, OverflowError):
        raise CommandError(gettext("That is further ahead than my calendar goes.")) from None


def _resolve_time(spoken: SpokenTime, now: datetime, morning: time) -> Plan | TimeChoice | TimeMissing:
    if spoken.minutes is not None and spoken.or_minutes:
        return _ask_which_time(spoken, (spoken.minutes, *spoken.or_minutes))
    if spoken.repeats:
        return _resolve_repeat(spoken, now, morning)
    if spoken.after is not None or spoken.after_months:
        return _after(spoken, now)
    if spoken.open_date and spoken.date is not None:
        return _ask_which(spoken)
    if not spoken.has_day:
        return _next_time(spoken, now)
    return _on_day(spoken, now, morning)


def _after(spoken: SpokenTime, now: datetime) -> Plan:
    span = spoken.after or timedelta()
    if not spoken.after_months and span % timedelta(days=1) and not spoken.has_time:
        return Plan((now.astimezone(UTC) + span).astimezone(_zone(now)))
    day = _months_later(now.date(), spoken.after_months) + timedelta(days=span.days)
    at = _time(spoken, now.time()) if spoken.has_time else now.time().replace(microsecond=0)
    return _future(_moment(day, at, _zone(now)), now)


def _ask_which(spoken: SpokenTime) -> TimeChoice:
    year, month, day = spoken.date or (0, 0, 0)
    either = [replace(spoken, date=found, open_date=False) for found in ((year, month, day), (year, day, month))]
    return TimeChoice({_day_name(*(each.date or (0, 0, 0))): each for each in either})


def _ask_which_time(spoken: SpokenTime, any_of: tuple[int, ...]) -> TimeChoice:
    return TimeChoice(
        {
            gettext("at {time}", time=f"{at // 60}:{at % 60:02}"): replace(spoken, minutes=at, or_minutes=())
            for at in any_of
            if at < _DAY
        }
    )


def _next_time(spoken: SpokenTime, now: datetime) -> Plan | TimeChoice:
    """Take the next time that the clock shows this, and ask whether morning or evening is meant where it matters."""
    at = _time(spoken, now.time())
    today, tomorrow = replace(spoken, days=0), replace(spoken, days=1)
    first = _moment(now.date(), at, _zone(now))
    if _is_later(first, now):
        return first
    if _is_open(spoken) and (later := _in_evening(at)) > now.time():
        return TimeChoice(
            {
                gettext("today at {time}", time=f"{later:%H:%M}"): replace(today, half="pm"),
                gettext("tomorrow at {time}", time=f"{at:%H:%M}"): replace(tomorrow, half="am"),
            }
        )
    return _moment(now.date() + timedelta(days=1), at, _zone(now))


def _on_day(spoken: SpokenTime, now: datetime, morning: time) -> Plan | TimeMissing:
    day = _day(spoken, now, morning)
    if not spoken.has_time and day == now.date() and now.time() >= morning:
        return TimeMissing(spoken)
    at = _time(spoken, morning)
    if day == now.date() and _is_open(spoken) and at <= now.time():
        at = _in_evening(at)
    return _future(_moment(day, at, _zone(now)), now)


def _day(spoken: SpokenTime, now: datetime, morning: time) -> date:
    today = now.date()
    if spoken.days is not None:
        return today + timedelta(days=spoken.days)
    if spoken.weekday is not None:
        ahead = (spoken.weekday - today.weekday()) % 7
        is_past = not spoken.has_time or _in_evening_if_open(spoken, _time(spoken, morning)) <= now.time()
        return today + timedelta(days=7 if ahead == 0 and (is_past or spoken.not_today) else ahead)
    year, month, day = spoken.date or (0, 0, 0)
    if year:
        return _date(year, month, day)
    if not month:
        return _next_month_day(day, today, skip_today=_time(spoken, morning) <= now.time())
    is_leap_day = (month, day) == (2, 29)
    found = _date(_leap_year(today.year) if is_leap_day else today.year, month, day)
    if found > today or (found == today and _time(spoken, morning) > now.time()):
        return found
    return _date(_leap_year(today.year + 1) if is_leap_day else today.year + 1, month, day)


def _resolve_repeat(spoken: SpokenTime, now: datetime, morning: time) -> Plan:
    at = _time(spoken, morning)
    if spoken.workdays is not None:
        return _by_cron(f"{at.minute} {at.hour} * * {spoken.workdays}", now)
    if spoken.weekdays:
        days = ",".join(str((day + 1) % 7) for day in sorted(set(spoken.weekdays)))
        return _by_cron(f"{at.minute} {at.hour} * * {days}", now)
    count, unit = spoken.every or (1, "day")
    if count < 1:
        raise CommandError(gettext("I can't repeat that so often."))
    match unit:
        case "second" | "minute" | "hour":
            step = timedelta(**{f"{unit}s": count})
            if step < _SHORTEST:
                raise CommandError(gettext("I repeat a reminder every five minutes at the most."))
            return Plan(now + step, step)
        case "day" | "week":
            return _by_days(spoken, now, at, count * (7 if unit == "week" else 1))
        case _:
            return _by_months(spoken, now, at, count * (12 if unit == "year" else 1))


def _by_days(spoken: SpokenTime, now: datetime, at: time, days: int) -> Plan:
    if spoken.has_day:
        first = _on_day(spoken if spoken.has_time else replace(spoken, minutes=at.hour * 60 + at.minute), now, at)
        assert isinstance(first, Plan)  # noqa: S101 (its time was said)
    else:
        first = _moment(now.date(), at, _zone(now))
        if not _is_later(first, now):
            first = _moment(now.date() + timedelta(days=1 if days % 7 else 7), at, _zone(now))
    return replace(first, repeats=timedelta(days=days))


def _by_months(spoken: SpokenTime, now: datetime, at: time, months: int) -> Plan:
    _, month, day = spoken.date or (0, 0, 0)
    day = day or now.day
    if months % 12 == 0 and months != 12:
        raise CommandError(gettext("I can repeat a reminder every year, but not every so many years."))
    if months % 12 and months not in _MONTHS_APART:
        raise CommandError(gettext("I can repeat a reminder every 1, 2, 3, 4 or 6 months."))
    start = month or now.month
    chosen = sorted({(start - 1 + step) % 12 + 1 for step in range(0, 12, months)})
    if all(day > calendar.monthrange(2024, each)[1] for each in chosen):
        raise CommandError(gettext("{month} has no day {day}.", month=month_name(start), day=day))
    return _by_cron(f"{at.minute} {at.hour} {'L' if day == 31 else day} {','.join(map(str, chosen))} *", now)


def _by_cron(expression: str, now: datetime) -> Plan:
    return Plan(next(CronSim(expression, now)), expression)


def say_moment(moment: datetime) -> str:
    """Return a moment as a person would say it: "Friday 3 May, 09:00"."""
    return f"{format_long_weekday(moment)}, {moment:%H:%M}"


# dates and times


def _moment(day: date, at: time, zone: tzinfo) -> Plan:
    """Return a local time of a day. One that the clocks skip is moved on by what they skip, and that is said."""
    real = moment_at(day, at, zone).astimezone(zone)
    if real.time() != at:
        return Plan(
            real,
            note=gettext(
                "The clocks skip {time} that night, so I take {other}.", time=f"{at:%H:%M}", other=f"{real:%H:%M}"
            ),
        )
    if real.replace(fold=0).utcoffset() != real.replace(fold=1).utcoffset():
        return Plan(real, note=gettext("{time} comes twice that night; I take the first.", time=f"{at:%H:%M}"))
    return Plan(real)


def _future(plan: Plan, now: datetime) -> Plan:
    if not _is_later(plan, now):
        moment = f"{plan.first:%A} {plan.first.day} {plan.first:%B %Y, %H:%M}"
        raise CommandError(gettext("{moment} is past. When shall I remind you?", moment=moment))
    return plan


def _is_later(plan: Plan, now: datetime) -> bool:
    """Compare moments: Python compares what clocks show, where both are in one zone."""
    return plan.first.astimezone(UTC) > now.astimezone(UTC)


def _zone(now: datetime) -> tzinfo:
    return now.tzinfo or UTC


def _time(spoken: SpokenTime, default: time) -> time:
    if spoken.minutes is None:
        return default if spoken.part is None else time(spoken.part)
    return _clock(spoken.minutes, spoken.half)


def _clock(minutes: int, half: Half | None) -> time:
    if half == "pm" and minutes < _NOON:
        minutes += _NOON
    elif half == "am" and minutes >= _NOON:
        minutes -= _NOON
    return time(minutes // 60 % 24, minutes % 60)


def _is_open(spoken: SpokenTime) -> bool:
    """Say whether a time of day may be in the morning or in the evening."""
    return spoken.half is None and spoken.minutes is not None and 60 <= spoken.minutes < _NOON


def _in_evening(at: time) -> time:
    return _clock(at.hour * 60 + at.minute, "pm")


def _in_evening_if_open(spoken: SpokenTime, at: time) -> time:
    return _in_evening(at) if _is_open(spoken) else at


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CommandError(gettext("{day} is not a date.", day=_day_name(year, month, day))) from None


def _day_name(year: int, month: int, day: int) -> str:
    named = f"{day} {month_name(month) if 1 <= month <= 12 else month}"
    return f"{named} {year}" if year else named


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _next_month_day(day: int, today: date, *, skip_today: bool) -> date:
    if not 1 <= day <= 31:
        raise CommandError(gettext("No month has a day {day}.", day=day))
    month = today.replace(day=1)
    while True:
        if day <= calendar.monthrange(month.year, month.month)[1]:
            found = month.replace(day=day)
            if found > today or (found == today and not skip_today):
                return found
        month = _months_later(month, 1)


def _leap_year(year: int) -> int:
    while not calendar.isleap(year):
        year += 1
    return year
