"""Reads calendars (iCalendar, RFC 5545): events, tasks and journals as a calendar's program shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.errors import FileUnreadable
from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.calendars.recurrence import describe_rule, join
from plugins.text.calendars.when import CalendarClock, Moment, short_day, sort_key
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import whole
from plugins.text.left_out import LeftOut
from plugins.text.markup import blocks, drop_hidden, parse
from plugins.text.options import TextOptions

if TYPE_CHECKING:
    from icalendar import Component

_SHOWN: Final = {"VEVENT": "", "VTODO": "To do: ", "VJOURNAL": "Journal: "}
_MARKUP: Final = re.compile(r"<(?:p|br|a|b|i|u|ul|ol|li|div|span|html)\b", re.IGNORECASE)
_STATES: Final = {"CANCELLED": "Cancelled", "TENTATIVE": "Not certain yet", "COMPLETED": "Done"}
_ANSWERS: Final = {"DECLINED": "declined", "TENTATIVE": "perhaps"}
_MOST_NAMED: Final = 50
_MOST_DAYS: Final = 30


class _Entry(NamedTuple):
    starts: Moment | None
    text: str


@raise_only_unreadable(gettext_noop("a calendar"))
def read_ics(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield what a calendar holds, each piece cited by its day."""
    from icalendar import Calendar  # noqa: PLC0415 (in the child alone)

    calendars = Calendar.from_ical(whole(path), multiple=True)
    left_out, entries = LeftOut(), list[_Entry]()
    for calendar in calendars:
        reading = _Reading(CalendarClock(_text(calendar, "X-WR-TIMEZONE")), left_out)
        entries += [entry for each in calendar.walk() if each.name in _SHOWN and (entry := reading.entry(each))]
    if not entries:
        raise FileUnreadable(gettext("{name} is a calendar without entries.", name=path.name))
    names = [name for calendar in calendars if (name := _text(calendar, "X-WR-CALNAME") or _text(calendar, "NAME"))]
    yield About(title=names[0] if names else None, notes=left_out.notes())
    for number, entry in enumerate(sorted(entries, key=lambda each: sort_key(each.starts)), 1):
        yield Piece(entry.text, short_day(entry.starts) if entry.starts else None, tuple(names[:1]))
        yield Progress(number, len(entries), "entries")


class _Reading:
    """Reads the entries of one calendar."""

    def __init__(self, clock: CalendarClock, left_out: LeftOut) -> None:
        self._clock, self._left_out = clock, left_out

    def entry(self, component: Component) -> _Entry | None:
        """Return what an entry says; None for one that is damaged beyond reading."""
        try:
            return self._entry(component)
        except (ValueError, TypeError, AttributeError, ArithmeticError):
            self._left_out.add("damaged event")
            return None

    def _entry(self, component: Component) -> _Entry:
        starts = _moment(component, "DTSTART") or _moment(component, "DUE")
        lines = [_SHOWN[component.name or ""] + (_text(component, "SUMMARY") or "(no title)")]
        if state := _STATES.get(_text(component, "STATUS").upper()):
            lines.append(state)
        lines += self._times(component, starts)
        lines += self._people(component)
        for label, name in (("Where", "LOCATION"), ("Link", "URL"), ("Category", "CATEGORIES")):
            lines += [f"{label}: {text}"] if (text := _text(component, name)) else []
        if text := _plain(_text(component, "DESCRIPTION")):
            lines.append(text)
        self._left_out.add("attached file", len(_all(component, "ATTACH")))
        return _Entry(self._clock.local(starts) if starts else None, "\n".join(lines))

    def _times(self, component: Component, starts: Moment | None) -> Iterator[str]:
        due = _moment(component, "DUE")
        if starts is not None and starts is not due:
            yield self._clock.span(starts, _end_of(component, starts))
        if due is not None:
            yield f"Due: {self._clock.moment(due)}"
        for rule in _all(component, "RRULE"):
            if told := describe_rule(rule, self._clock):
                yield f"Repeats {told}{self._days(component, 'EXDATE', ', except ')}"
        if days := self._days(component, "RDATE", "Also on "):
            yield days
        if (instead := _moment(component, "RECURRENCE-ID")) is not None:
            yield f"Instead of {self._clock.moment(instead)}"

    def _days(self, component: Component, name: str, before: str) -> str:
        lists = [each.dts for each in _all(component, name) if hasattr(each, "dts")]
        moments = [each.dt[0] if isinstance(each.dt, tuple) else each.dt for dates in lists for each in dates]
        days = [short_day(self._clock.local(moment)) for moment in moments[:_MOST_DAYS]]
        return f"{before}{join(days)}" if days else ""

    @staticmethod
    def _people(component: Component) -> Iterator[str]:
        for label, name in (("Organized by", "ORGANIZER"), ("With", "ATTENDEE")):
            people = [_person(each) for each in _all(component, name)[:_MOST_NAMED]]
            if told := ", ".join(filter(None, people)):
                yield f"{label}: {told}"


def _all(component: Component, name: str) -> list[Any]:
    """Return the values of a property; one that breaks the rules of its kind has none."""
    from icalendar.prop import vBroken  # noqa: PLC0415 (as above)

    value = component.get(name)
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [each for each in values if not isinstance(each, vBroken)]


def _text(component: Component, name: str) -> str:
    """Return a text of an entry, its lines kept."""
    said = [", ".join(map(str, each.cats)) if hasattr(each, "cats") else str(each) for each in _all(component, name)]
    return "\n".join(part for part in said if part.strip()).strip()


def _moment(component: Component, name: str) -> Moment | None:
    for value in _all(component, name):
        found = getattr(value, "dt", None)
        if isinstance(found, date | datetime):
            return found
    return None


def _end_of(component: Component, starts: Moment) -> Moment | None:
    end = _moment(component, "DTEND")
    lasts = getattr(component.get("DURATION"), "td", None)
    return end if end is not None or lasts is None else starts + lasts


def _person(value: Any) -> str:
    parameters = getattr(value, "params", {})
    name = str(parameters.get("CN", "")).strip().strip('"') or re.sub(r"^mailto:", "", str(value), flags=re.IGNORECASE)
    answer = _ANSWERS.get(str(parameters.get("PARTSTAT", "")).upper())
    return f"{name} ({answer})" if name and answer else name


def _plain(text: str) -> str:
    """Return a description without the markup that some calendars write into it."""
    if not _MARKUP.search(text) or (root := parse(text.replace("\n", "<br>"))) is None:
        return text
    drop_hidden(root)
    return "\n".join(block.text for block in blocks(root))
