from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.exports.whatsapp.dates import DateEvidence, read_triple
from adapters.exports.whatsapp.headers import read_time
from tests.adapters.exports.whatsapp.files import chat_of, chats, messages_of


def _days(folder: Path, *dates: str) -> tuple[list[str], list[str]]:
    chat, messages = chat_of(folder, "".join(f"{date}, 13:31 - Mara: hi\n" for date in dates))
    return [f"{message.sent_at:%Y-%m-%d}" for message in messages], [warning.message for warning in chat.warnings]


def test_one_day_after_the_twelfth_decides_for_the_whole_file(tmp_path: Path) -> None:
    assert _days(tmp_path, "03/04/2022", "05/13/2022") == (["2022-03-04", "2022-05-13"], [])
    assert _days(tmp_path, "03/04/2022", "13/05/2022") == (["2022-04-03", "2022-05-13"], [])


def test_the_order_in_which_time_runs_forward_decides(tmp_path: Path) -> None:
    dates = [f"{day:02}/{month:02}/2022" for month in (1, 2, 3) for day in (2, 5, 9)]
    days, warnings = _days(tmp_path, *dates)
    assert days == sorted(days)
    assert (days[3], warnings) == ("2022-02-02", [])


def test_messages_out_of_order_prove_nothing(tmp_path: Path) -> None:
    dates = ["01/03/2022", "02/03/2022", "01/03/2022", "04/03/2022", "05/03/2022", "06/03/2022"]
    assert _days(tmp_path, *dates)[0][-1] == "2022-03-06"


def test_a_file_that_stays_open_says_so_and_the_option_settles_it(tmp_path: Path) -> None:
    days, (warning,) = _days(tmp_path, "03/04/2022", "05/06/2022")
    assert days == ["2022-04-03", "2022-06-05"]
    assert "--date-order" in warning
    text = "03/04/2022, 13:31 - Mara: hi\n"
    chat, (message,) = chat_of(tmp_path, text, order="mdy")
    assert (f"{message.sent_at:%Y-%m-%d}", chat.warnings) == ("2022-03-04", [])


def test_a_date_that_reads_the_same_in_both_orders_is_not_open(tmp_path: Path) -> None:
    assert _days(tmp_path, "05/05/2022") == (["2022-05-05"], [])


@pytest.mark.parametrize("written", [["2021-17-03", "2021-05-04"], ["21/17/03", "21/05/04"]])
def test_the_year_then_the_day_is_believed_where_nothing_else_can_be(tmp_path: Path, written: list[str]) -> None:
    assert _days(tmp_path, *written) == (["2021-03-17", "2021-04-05"], [])


def test_the_month_follows_the_year_where_both_could_be(tmp_path: Path) -> None:
    assert _days(tmp_path, "2021-05-04", "2021-05-11") == (["2021-05-04", "2021-05-11"], [])


def test_the_day_in_a_photos_name_decides_what_nothing_else_does(tmp_path: Path) -> None:
    chat, messages = chat_of(tmp_path, "03/04/2022, 13:31 - A: IMG-20220304-WA0001.jpg (file attached)\n")
    assert (f"{messages[0].sent_at:%Y-%m-%d}", chat.warnings) == ("2022-03-04", [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3/18/2565 BE", "2022-03-18"),
        ("18/3/2565", "2022-03-18"),
        ("3/18/R4", "2022-03-18"),
        ("R4/3/18", "2022-03-18"),
        ("令和4年3月18日", "2022-03-18"),
        ("H31/4/30", "2019-04-30"),
        ("民國111/3/18", "2022-03-18"),
        ("۱۴۰۱/۱/۱", "2022-03-21"),
        ("1403/12/30", "2025-03-20"),
        ("2022. 03. 18.", "2022-03-18"),
        ("13. 6. 2018.", "2018-06-13"),
        ("١٨/٣/٢٠٢٢", "2022-03-18"),
    ],
)
def test_calendars_are_converted(written: str, meant: str) -> None:
    evidence = DateEvidence()
    evidence.feed([written])
    triple = read_triple(written)
    assert triple is not None
    day = triple.read(evidence.decide("dmy")[0])
    assert str(day) == meant


@pytest.mark.parametrize(
    ("written", "hours", "minutes"),
    [
        ("23:59 PM", 23, 59),
        ("00:04 AM", 0, 4),
        ("12:04 AM", 0, 4),
        ("12:04 PM", 12, 4),
        ("24:05", 0, 5),
        ("9:25 p.\u00a0m.", 21, 25),
        ("9:25 a.m.", 9, 25),
        ("下午1:31", 13, 31),
        ("오전 12:31", 0, 31),
        ("午後1:31", 13, 31),
        ("中午12:10", 12, 10),
        ("晚上8:10", 20, 10),
        ("凌晨3:10", 3, 10),
        ("٨:٤٦ م", 20, 46),
        ("8:46 ÖS", 20, 46),
        ("8.46 CH", 20, 46),
        ("21.25.15", 21, 25),
    ],
)
def test_clock_times_of_every_habit_are_read(written: str, hours: int, minutes: int) -> None:
    time = read_time(written)
    assert time is not None
    assert time - timedelta(seconds=time.seconds % 60) == timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    ("first", "second", "meant"),
    [
        ("۲۰۲۴/۵/۳،\u200f ۲۱:۱۴", "۲۰۲۴/۵/۱۳،\u200f ۲۱:۱۵", "05-13 21:15"),
        ("2024/5/3, \u200f21:14", "2024/5/13, \u200f21:15", "05-13 21:15"),
        ("३/५/२४, रात्री ९:१४", "१३/५/२४, सकाळी ९:१५", "05-13 09:15"),
        ("৩/৫/২৪, রাত ৯:১৪", "১৩/৫/২৪, রাত ৯:১৫", "05-13 21:15"),
    ],
)
def test_marks_and_words_within_a_header_hide_no_message(tmp_path: Path, first: str, second: str, meant: str) -> None:
    _, messages = chat_of(tmp_path, f"{first} - Ana: hi\n{second} - Bob: ho\n")

    assert [message.text for message in messages] == ["hi", "ho"]
    assert f"{messages[1].sent_at:%m-%d %H:%M}" == meant


@pytest.mark.parametrize("written", ["25:00", "12:61", "noon", "8:46 XX"])
def test_what_no_clock_shows_is_no_time(written: str) -> None:
    assert read_time(written) is None


def test_the_hour_that_comes_twice_in_autumn_runs_forward(tmp_path: Path) -> None:
    text = "".join(f"27/10/2024, {time} - Mara: hi\n" for time in ("00:59", "01:30", "01:10", "01:40", "02:10"))
    moments = [message.sent_at.astimezone(UTC) for message in messages_of(tmp_path, text)]
    assert [f"{moment:%d %H:%M}" for moment in moments] == ["26 23:59", "27 00:30", "27 01:10", "27 01:40", "27 02:10"]


def test_moments_compare_and_subtract_rightly_across_a_change_of_the_clocks(tmp_path: Path) -> None:
    before, after = messages_of(tmp_path, "31/03/2024, 00:30 - A: x\n31/03/2024, 02:30 - A: y\n")
    assert after.sent_at - before.sent_at == timedelta(hours=1)
    assert after.sent_at == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)


def test_years_that_no_chat_can_have_are_kept_as_text(tmp_path: Path) -> None:
    chat, messages = chat_of(tmp_path, "13/05/2022, 13:31 - A: x\n13/05/1822, 13:31 - A: y\n")
    assert (len(messages), chat.lines_kept_as_text) == (1, 1)


def test_options_reach_a_folder_too(tmp_path: Path) -> None:
    (tmp_path / "WhatsApp Chat with A.txt").write_text("03/04/2022, 13:31 - A: x\n")
    ((_, (message,)),) = chats(tmp_path, "mdy")
    assert message.sent_at.month == 3
