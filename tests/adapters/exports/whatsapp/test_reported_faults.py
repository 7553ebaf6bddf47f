"""Small chats that were read wrong once, each with its right reading; their kind matters, not the one file."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.exports.parsed import ParsedMessage, ParseOptions
from adapters.exports.whatsapp.export import WhatsApp
from bot.errors import ImportRefused
from tests.adapters.exports.whatsapp.files import chat_of, messages_of


def said(messages: list[ParsedMessage]) -> list[tuple[str | None, str, str]]:
    return [(each.author, f"{each.sent_at:%Y-%m-%d %H:%M}", each.text) for each in messages]


def test_authors_whose_names_are_invisible_wrote_their_messages(tmp_path: Path) -> None:
    text = (
        "25/11/2025, 09:15 - \u200e: good luck\n25/11/2025, 09:16 - Bob: hi\n25/11/2025, 09:17 - ~: hello\n"
        "25/11/2025, 09:18 - ~ Zoe: and I\n25/11/2025, 09:19 - : nobody\n25/11/2025, 09:20 - \u3164: me\n"
    )
    read = messages_of(tmp_path, text)

    assert [(each.author, each.text, each.kind) for each in read] == [
        ("Somebody", "good luck", "message"),
        ("Bob", "hi", "message"),
        ("Somebody", "hello", "message"),
        ("Zoe", "and I", "message"),
        ("Somebody", "nobody", "message"),
        ("Somebody", "me", "message"),
    ]


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("9:15 in the morning", 9),
        ("10:15 at night", 22),
        ("2:15 at night", 2),
        ("3:15 in the afternoon", 15),
        ("12:15 in the afternoon", 12),
        ("8:15 in the evening", 20),
        ("9:15 de la mañana", 9),
        ("7:15 da noite", 19),
        ("3:15 de la tarde", 15),
        ("8:15 вечера", 20),
        ("晚上8:15", 20),
    ],
)
def test_times_are_told_in_words(tmp_path: Path, written: str, hour: int) -> None:
    (first, _) = messages_of(tmp_path, f"03/01/2021, {written} - Ana: hello\n13/01/2021, {written} - Bob: hi\n")
    assert (first.author, first.sent_at.day, first.sent_at.hour, first.sent_at.minute) == ("Ana", 3, hour, 15)


@pytest.mark.parametrize(
    "stamp",
    [
        "19:23, 28 Aug 2013",
        "28 Aug 2013, 19:23",
        "28 August 2013 19:23",
        "Aug 28, 2013, 7:23 PM",
        "28 de ago. de 2013 19:23",
        "28 août 2013 19:23",
        "28. August 2013 19:23",
        "28 авг. 2013 г., 19:23",
        "28 Ağu 2013 19:23",
        "28 अग॰ 2013 19:23",
        "Wed, 28 Aug 2013, 19:23",
        "28-Aug-13 19:23",
        "2013 Aug 28 19:23",
    ],
)
def test_months_are_named(tmp_path: Path, stamp: str) -> None:
    (message,) = messages_of(tmp_path, f"{stamp} - Ana: hi\n")
    assert said([message]) == [("Ana", "2013-08-28 19:23", "hi")]


def test_a_named_weekday_settles_the_order_of_day_and_month(tmp_path: Path) -> None:
    monday, wednesday = (
        chat_of(tmp_path, f"{day}, 3/4/24, 14:18 - Ana: hi\n", name=f"{day}.txt") for day in ("Mon", "Wed")
    )

    assert [f"{messages[0].sent_at:%d %B}" for _, messages in (monday, wednesday)] == ["04 March", "03 April"]
    assert not monday[0].warnings
    assert not wednesday[0].warnings


def test_dates_without_a_year_get_it_from_the_day_on_which_the_chat_began(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with Bob.txt"
    path.write_text("28 Aug, 19:23 - Ana: hi\n31 Dec, 23:59 - Bob: soon\n1 Jan, 00:01 - Ana: happy\nyear\n")
    with pytest.raises(ImportRefused, match=r"no year.*--since"):
        next(WhatsApp().open(path, ParseOptions(UTC)))
    (chat,) = WhatsApp().open(path, ParseOptions(UTC, since=datetime(2013, 8, 1, tzinfo=UTC)))

    assert said(list(chat.messages)) == [
        ("Ana", "2013-08-28 19:23", "hi"),
        ("Bob", "2013-12-31 23:59", "soon"),
        ("Ana", "2014-01-01 00:01", "happy\nyear"),
    ]


def test_unpadded_short_dates_with_a_24_hour_clock_have_the_month_first(tmp_path: Path) -> None:
    assert said(messages_of(tmp_path, "2/11/19, 14:18 - Ana: hi\n"))[0][1] == "2019-02-11 14:18"
    assert said(messages_of(tmp_path, "02/11/19, 14:18 - Ana: hi\n"))[0][1] == "2019-11-02 14:18"


def test_what_comes_after_the_export_settles_the_order(tmp_path: Path) -> None:
    for name, written in (("chat.txt", datetime(2019, 5, 20, tzinfo=UTC)), ("WhatsApp 2019-05-20.txt", None)):
        path = tmp_path / name
        path.write_text("05/11/2019, 14:18 - Ana: hi\n")
        if written is not None:
            os.utime(path, (0, written.timestamp()))
        (chat,) = WhatsApp().open(path, ParseOptions(UTC))

        assert said(list(chat.messages)) == [("Ana", "2019-05-11 14:18", "hi")]
        assert (chat.warnings, chat.open_orders) == ([], {})


def test_an_order_that_stays_open_is_noted_with_what_it_could_be(tmp_path: Path) -> None:
    chat, _ = chat_of(tmp_path, "05/11/2019, 14:18 - Ana: hi\n")
    assert chat.open_orders == {"dmy": date(2019, 11, 5), "mdy": date(2019, 5, 11)}
    assert "nothing in this file tells day from month" in chat.warnings[0].message


def test_where_crlf_ends_messages_a_pasted_header_is_words(tmp_path: Path) -> None:
    read = messages_of(
        tmp_path,
        "[22.01.20, 10:00:00] Bob: Look what she wrote:\n"
        "[21.01.20, 09:00:00] Carol: I owe Bob 500 euros\nfunny, no?\r\n"
        "[22.01.20, 10:01:00] Alice: This is the next message\r\n[22.01.20, 10:02:00] Bob: ok\r\n",
    )
    pasted = "Look what she wrote:\n[21.01.20, 09:00:00] Carol: I owe Bob 500 euros\nfunny, no?"
    assert [(each.author, each.text, each.line) for each in read] == [
        ("Bob", pasted, 1),
        ("Alice", "This is the next message", 4),
        ("Bob", "ok", 5),
    ]


def test_where_an_editor_ended_all_lines_with_crlf_messages_are_still_told_apart(tmp_path: Path) -> None:
    text = "[22.01.20, 10:00:00] Bob: one\nmore\n[22.01.20, 10:01:00] Alice: two\n[22.01.20, 10:02:00] Bob: ok\n"
    for ends in ("\n", "\r\n"):
        read = messages_of(tmp_path, text.replace("\n", ends))
        assert [(each.author, each.text) for each in read] == [("Bob", "one\nmore"), ("Alice", "two"), ("Bob", "ok")]


def test_long_chats_with_crlf_are_read_block_by_block(tmp_path: Path) -> None:
    lines = [f"[22.01.20, 10:{n // 60 % 60:02}:{n % 60:02}] Bob: line {n}\nsecond\nthird" for n in range(4000)]
    read = messages_of(tmp_path, "\r\n".join(lines) + "\r\n")
    assert [each.text for each in read] == [f"line {n}\nsecond\nthird" for n in range(4000)]
    assert read[-1].line == 3999 * 3 + 1
