"""LINE's chat histories: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ImportRefused
from tests.adapters.exports.apps.reading import files_of, read_one


def test_lines_photos_and_unsent_messages_are_known_in_its_languages(tmp_path: Path) -> None:
    text = (
        "[LINE] Anaとのトーク履歴\n保存日時：2024/05/04 12:00\n\n2024/05/03(金)\n21:14\tAna\t[写真]\n"
        '21:15\tAna\t"one\ntwo"\n'
        "21:16\tAna\tAnaがメッセージの送信を取り消しました\n21:17\t\tAnaが参加しました\n午後9:18\tBob\tok\n"
    )
    chat, said = read_one(tmp_path, "line.txt", text)

    assert chat.title == "Ana"
    assert files_of(said[0]) == [("image", None, True)]
    assert (said[1].text, said[2].deleted, said[3].kind, said[4].author) == ("one\ntwo", True, "system", "Bob")


@pytest.mark.parametrize(
    ("opening", "day", "clock"),
    [
        ("[LINE] Chat history in Trip\nSaved on: 5/3/2024, 9:14 PM\n", "Fri, 5/3/2024", "9:14 PM"),
        ("[LINE] 與Trip的聊天記錄\n儲存日期： 2024/05/03 21:14\n", "2024/05/03（五）", "下午09:14"),
        ("[LINE] Trip的聊天記錄\n", "2024.05.03 Friday", "21:14"),
    ],
)
def test_lines_days_and_times_are_read_in_its_languages(tmp_path: Path, opening: str, day: str, clock: str) -> None:
    chat, said = read_one(tmp_path, "line.txt", f"{opening}\n{day}\n{clock}\tAna\thi\n")

    assert [(each.author, f"{each.sent_at:%Y-%m-%d %H:%M}", each.text) for each in said] == [
        ("Ana", "2024-05-03 21:14", "hi")
    ]
    assert chat.title == "Trip"


def test_a_history_from_lines_computer_program_needs_no_title(tmp_path: Path) -> None:
    text = "2024.05.03 星期五\n21:14 Ana 你好\n21:15 Bob 貼圖\n21:16 Bob Photos\n\n2024.05.04 星期六\n09:00 Ana 早\n"
    chat, said = read_one(tmp_path, "Trip.txt", text)

    assert chat.title == "Trip"
    assert [(each.author, each.text) for each in said] == [("Ana", "你好"), ("Bob", ""), ("Bob", ""), ("Ana", "早")]
    assert [files_of(each) for each in said[1:3]] == [[("sticker", None, True)], [("image", None, True)]]
    assert f"{said[3].sent_at:%Y-%m-%d %H:%M}" == "2024-05-04 09:00"


def test_a_diary_with_clock_times_is_no_history_of_lines(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="not a chat export of a known kind"):
        read_one(tmp_path, "diary.txt", "2024.05.03 Friday\n21:14 Went shopping\nIt rained.\n21:15 Came home late\n")


def test_a_file_that_line_names_is_an_attachment_of_that_name(tmp_path: Path) -> None:
    text = "[LINE] Chat with Ana\nSaved on: 2024/05/03 21:14\n\n2024/05/03(Fri)\n21:14\tAna\t[File] plan.pdf\n"
    chat, (plan,) = read_one(tmp_path, "line.txt", text)

    assert chat.title == "Ana"
    assert (plan.text, files_of(plan)) == ("", [("document", "plan.pdf", True)])
