"""Calendars are read as their program shows them: days and times in words, in the order of time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.text.reading import about, pieces, refusal


def calendar(*entries: str, head: str = "") -> str:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", *filter(None, head.split("\n")), *entries, "END:VCALENDAR", ""]
    )


def event(*lines: str, kind: str = "VEVENT") -> str:
    return "\r\n".join([f"BEGIN:{kind}", "UID:1", *lines, f"END:{kind}"])


def read(folder: Path, *lines: str, head: str = "") -> list[str]:
    (only,) = pieces(folder, "plan.ics", calendar(event("SUMMARY:Plan", *lines), head=head))
    return only.text.split("\n")


def test_events_stand_in_the_order_of_their_days_with_all_that_they_say(tmp_path: Path) -> None:
    text = calendar(
        event(
            "SUMMARY:Dentist\\, check-up",
            "DTSTART;TZID=Europe/Lisbon:20240503T140000",
            "DTEND;TZID=Europe/Lisbon:20240503T153000",
            "LOCATION:Rua da Rosa 5",
            "ORGANIZER;CN=Ana Lima:mailto:ana@example.org",
            "ATTENDEE;CN=Bob;PARTSTAT=DECLINED:mailto:bob@example.org",
            "ATTENDEE:mailto:zoe@example.org",
            "STATUS:CANCELLED",
            "DESCRIPTION:Bring the\\nold",
            "  pictures.",
            "ATTACH:https://example.org/plan.pdf",
        ),
        event("SUMMARY:Rent", "DUE;VALUE=DATE:20240501", kind="VTODO"),
        head="X-WR-CALNAME:Family",
    )
    found = pieces(tmp_path, "family.ics", text)

    assert [(piece.locator, piece.headings) for piece in found] == [
        ("1 May 2024", ("Family",)),
        ("3 May 2024", ("Family",)),
    ]
    assert found[0].text == "To do: Rent\nDue: Wednesday, 1 May 2024"
    assert found[1].text == (
        "Dentist, check-up\nCancelled\nFriday, 3 May 2024, 14:00 to 15:30 (Europe/Lisbon)\nOrganized by: Ana Lima\n"
        "With: Bob (declined), zoe@example.org\nWhere: Rua da Rosa 5\nBring the\nold pictures."
    )
    told = about(tmp_path, "family.ics", text)
    assert (told.title, told.notes) == ("Family", ("1 attached file was left out.",))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("DTSTART;VALUE=DATE:20240503",), "Friday, 3 May 2024"),
        (("DTSTART;VALUE=DATE:20240503", "DTEND;VALUE=DATE:20240504"), "Friday, 3 May 2024"),
        (
            ("DTSTART;VALUE=DATE:20240503", "DTEND;VALUE=DATE:20240506"),
            "Friday, 3 May 2024 to Sunday, 5 May 2024",
        ),
        (("DTSTART:20240503T220000", "DURATION:PT3H"), "Friday, 3 May 2024, 22:00 to Saturday, 4 May 2024, 01:00"),
        (("DTSTART:20240503T120000Z",), "Friday, 3 May 2024, 12:00 (UTC)"),
        (("DTSTART:20240503T120000", "DTEND:20240503T120000"), "Friday, 3 May 2024, 12:00"),
    ],
)
def test_times_are_told_as_people_write_them(tmp_path: Path, lines: tuple[str, ...], told: str) -> None:
    assert read(tmp_path, *lines) == ["Plan", told]


def test_times_in_utc_are_told_in_the_zone_of_the_calendar(tmp_path: Path) -> None:
    lines = read(tmp_path, "DTSTART:20240503T223000Z", head="X-WR-TIMEZONE:Europe/Berlin")

    assert lines[1] == "Saturday, 4 May 2024, 00:30 (Europe/Berlin)"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10", "every 2 weeks on Monday and Friday, 10 times"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20241231", "every week on working days, until 31 December 2024"),
        ("FREQ=MONTHLY;BYDAY=1MO", "every month on the first Monday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last working day"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "every month on day 15 and the last"),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=3", "every year on day 3 in May"),
    ],
)
def test_what_recurs_is_told_in_words(tmp_path: Path, rule: str, told: str) -> None:
    lines = read(tmp_path, "DTSTART;VALUE=DATE:20240503", f"RRULE:{rule}", "EXDATE;VALUE=DATE:20240510,20240517")

    assert lines[2] == f"Repeats {told}, except 10 May 2024 and 17 May 2024"


def test_a_moved_occurrence_says_which_one_it_replaces(tmp_path: Path) -> None:
    lines = read(tmp_path, "DTSTART:20240511T090000", "RECURRENCE-ID:20240510T090000")

    assert lines[2] == "Instead of Friday, 10 May 2024, 09:00"


def test_markup_in_a_description_is_read_as_its_text(tmp_path: Path) -> None:
    lines = read(tmp_path, "DTSTART;VALUE=DATE:20240503", "DESCRIPTION:<p>Bring <b>cake</b></p><ul><li>milk</li></ul>")

    assert lines[2:] == ["Bring cake", "milk"]


def test_an_event_with_a_broken_property_is_read_without_it(tmp_path: Path) -> None:
    assert read(tmp_path, "DTSTART:20241399T250000", "LOCATION:Here") == ["Plan", "Where: Here"]


def test_a_calendar_without_entries_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert refusal(tmp_path, "plan.ics", calendar().encode()) == "plan.ics is a calendar without entries."
