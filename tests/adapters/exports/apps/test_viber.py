"""Viber's tables: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.exports.apps.reading import read_one


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        (["05/03/2024,21:14:05", "05/13/2024,09:00:00"], ["05-03", "05-13"]),
        (["05/03/2024,21:14:05", "13/03/2024,09:00:00"], ["03-05", "03-13"]),
        (["05/03/2024,21:14:05", "06/03/2024,09:00:00"], ["03-05", "03-06"]),
        (["05/03/2024,21:14:05", "06/02/2024,09:00:00"], ["05-03", "06-02"]),
    ],
)
def test_a_table_of_viber_has_one_order_of_day_and_month(tmp_path: Path, rows: list[str], days: list[str]) -> None:
    _, said = read_one(tmp_path, "Ana.csv", "".join(f"{row},Ana,+351912,hello\n" for row in rows))

    assert [f"{each.sent_at:%m-%d}" for each in said] == days


def test_vibers_table_with_short_years_and_without_seconds_is_read(tmp_path: Path) -> None:
    table = "5/13/24,9:14 PM,Bob,+1 555 123,hi\n5/13/24,9:15 PM,Me,,yo\n"
    chat, said = read_one(tmp_path, "Chats with Bob.csv", table)

    assert (chat.title, [(each.author, each.text) for each in said]) == ("Bob", [("Bob", "hi"), ("Me", "yo")])
    assert f"{said[0].sent_at:%Y-%m-%d %H:%M}" == "2024-05-13 21:14"
