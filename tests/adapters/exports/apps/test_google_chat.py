"""Google Chat's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.exports.apps.reading import read_one


@pytest.mark.parametrize(
    "written",
    [
        "Monday, January 1, 2024 at 12:00:00\u202fPM UTC",
        "Montag, 1. Januar 2024 um 12:00:00 UTC",
        "lundi 1 janvier 2024 à 12:00:00 UTC",
        "poniedziałek, 1 stycznia 2024 12:00:00 UTC",
        "2024年1月1日星期一 UTC 12:00:00",
        "2024年1月1日月曜日 12時00分00秒 UTC",
        "2024년 1월 1일 월요일 오후 12시 0분 0초 UTC",
    ],
)
def test_google_chats_dates_are_read_in_its_languages(tmp_path: Path, written: str) -> None:
    message = {"creator": {"name": "Ana", "email": "a@b"}, "created_date": written, "text": "hello"}
    _, said = read_one(tmp_path, "messages.json", {"messages": [message]})

    assert [f"{each.sent_at:%Y-%m-%d %H:%M}" for each in said] == ["2024-01-01 12:00"]
