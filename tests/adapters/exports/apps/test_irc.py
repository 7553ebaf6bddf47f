"""Logs of IRC clients: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.exports.apps.reading import read_one


def test_irc_logs_lose_their_colours_and_those_who_come_say_nothing(tmp_path: Path) -> None:
    text = (
        "Session Start: Fri May 03 21:00:00 2024\n[21:14] <@ana> \x0304,01red\x03 and \x02bold\x0f\n"
        "[21:15] * zoe (z@host) has joined\n[21:16] * zoe waves\n"
    )
    _, said = read_one(tmp_path, "trip.log", text)

    assert [(each.author, each.text) for each in said] == [
        ("ana", "red and bold"),
        (None, "zoe (z@host) has joined"),
        ("zoe", "* waves"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("#trip/2024-05-03.log", "[21:14:05] <ana> hello\n[21:14:06] *** Joins: bob\n[21:14:07] <bob> hi\n"),
        (
            "trip.log",
            "Session Start: Fri May 03 21:00:00 2024\n[21:14] <@ana> hello\n[21:15] * bob joins\n[21:16] <bob> hi\n",
        ),
        (
            "trip.txt",
            (
                "**** BEGIN LOGGING AT Fri May  3 21:00:00 2024\n\nMay 03 21:14:05 <ana>\thello\n"
                "May 03 21:15:00 *\tbob has joined\nMay 03 21:16:00 <bob>\thi\n"
            ),
        ),
        (
            "trip.log",
            "--- Log opened Fri May 03 21:00:00 2024\n21:14 <+ana> hello\n21:15 -!- bob has joined\n21:16 < bob> hi\n",
        ),
        (
            "trip.log",
            "2024-05-03T21:14:05Z <ana> hello\n2024-05-03T21:14:05Z *** bob joined\n2024-05-03T21:14:06Z <bob> hi\n",
        ),
        (
            "trip.weechatlog",
            "2024-05-03 21:14:05\tana\thello\n2024-05-03 21:15:00\t-->\tbob joined\n2024-05-03 21:16:00\t@bob\thi\n",
        ),
    ],
)
def test_irc_logs_of_many_clients_are_read(tmp_path: Path, name: str, text: str) -> None:
    chat, said = read_one(tmp_path, name, text)

    assert [(each.author, each.text) for each in said if each.author and not each.text.startswith("* ")] == [
        ("ana", "hello"),
        ("bob", "hi"),
    ]
    assert f"{said[0].sent_at:%Y-%m-%d %H:%M}" == "2024-05-03 21:14"
    assert "trip" in chat.title


def test_what_happened_between_stamped_lines_is_a_system_line_of_that_time(tmp_path: Path) -> None:
    text = "[21:14] <ana> hello\n=== bob [n=b@host]  has joined #trip\n[21:15] <bob> hi\n-!- zoe is now known as zoey\n"
    _, said = read_one(tmp_path, "2024-05-03-trip.log", text)

    assert [(each.author, each.text, f"{each.sent_at:%d %H:%M}") for each in said] == [
        ("ana", "hello", "03 21:14"),
        (None, "bob [n=b@host]  has joined #trip", "03 21:14"),
        ("bob", "hi", "03 21:15"),
        (None, "zoe is now known as zoey", "03 21:15"),
    ]


@pytest.mark.parametrize(
    ("name", "stamp"),
    [
        ("trip.log", "[03.05.2024 21:14:00]"),
        ("trip.log", "[03/05/2024 21:14:00]"),
        ("2024-05-02-trip.log", "[3 May 21:14]"),
        ("2024-05-02-trip.log", "May 03 21:14:00"),
    ],
)
def test_a_stamp_may_have_its_own_date_and_the_files_name_the_year(tmp_path: Path, name: str, stamp: str) -> None:
    _, said = read_one(tmp_path, name, f"{stamp} <ana!n=ana@host.example> hello\n{stamp} * ana waves\n")

    assert [(each.author, each.text) for each in said] == [("ana", "hello"), ("ana", "* waves")]
    assert {f"{each.sent_at:%Y-%m-%d %H:%M}" for each in said} == {"2024-05-03 21:14"}
