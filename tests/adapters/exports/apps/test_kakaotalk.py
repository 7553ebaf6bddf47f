"""KakaoTalk's chat histories: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.exports.apps.reading import files_of, read_one


def test_kakaotalks_photos_deletions_and_system_lines_are_known(tmp_path: Path) -> None:
    text = (
        "Trip 님과 카카오톡 대화\n저장한 날짜 : 2024. 5. 4. 오후 1:31\n\n2024년 5월 3일 금요일\n"
        "2024. 5. 3. 오후 9:14, Ana : 사진\n2024. 5. 3. 오후 9:15, Bob : 삭제된 메시지입니다.\n"
        "2024. 5. 3. 오후 9:16: Zoe님이 들어왔습니다.\n2024. 5. 3. 오후 9:17, Bob : 파일: plan.pdf\n"
    )
    chat, said = read_one(tmp_path, "talk.txt", text)

    assert chat.title == "Trip"
    assert [(each.author, each.kind, each.deleted) for each in said] == [
        ("Ana", "message", False),
        ("Bob", "message", True),
        (None, "system", False),
        ("Bob", "message", False),
    ]
    assert [files_of(said[0]), files_of(said[3])] == [[("image", None, True)], [("document", "plan.pdf", True)]]
    assert f"{said[0].sent_at:%Y-%m-%d %H:%M}" == "2024-05-03 21:14"


def test_kakaotalks_days_and_arrivals_are_not_words_of_the_message_before(tmp_path: Path) -> None:
    english = (
        "Trip KakaoTalk Chats\nDate Saved : May 4, 2024 at 14:23\n\nFriday, May 3, 2024\n"
        "May 3, 2024 at 21:14, Ana : hello\nsecond line\n\nSaturday, May 4, 2024\nMay 4, 2024 at 09:00, Bob : ok\n"
    )
    windows = (
        "Trip 님과 카카오톡 대화\n저장한 날짜 : 2024-05-04 14:23:11\n\n"
        "--------------- 2024년 5월 3일 금요일 ---------------\n"
        "[Ana] [오후 9:14] hello\nZoe님이 들어왔습니다.\n[Bob] [오후 9:15] ok\nBob님이 나갔습니다.\n"
    )
    _, said = read_one(tmp_path / "a", "talk.txt", english)
    _, found = read_one(tmp_path / "b", "talk.txt", windows)

    assert [(each.author, each.text) for each in said] == [("Ana", "hello\nsecond line"), ("Bob", "ok")]
    assert [(each.author, each.text) for each in found] == [
        ("Ana", "hello"),
        (None, "Zoe님이 들어왔습니다."),
        ("Bob", "ok"),
        (None, "Bob님이 나갔습니다."),
    ]


@pytest.mark.parametrize(
    ("head", "stamp"),
    [
        ("KakaoTalk Chats Trip (27)\nDate Saved : 1:13PM, January 21, 2014\n", "9:14PM, May 3, 2013"),
        ("KakaoTalk Chats with Trip\nDate Saved : Jan 5, 2018, 10:12 PM\n", "May 3, 2013, 9:14 p.m."),
        ("KakaoTalk Chats with Trip\nDate Saved : Jan 5, 2018\n", "May 3, 2013 at 9:14\u202fPM"),
        ("Trip Talk Chats\nSaved Date : 5 January 2018 at 22:12\n", "3 May 2013 at 21:14"),
    ],
)
def test_kakaotalks_stamps_in_english_are_read_in_every_order(tmp_path: Path, head: str, stamp: str) -> None:
    text = f"{head}\n{stamp}\n{stamp}, Ana invited Bob.\n{stamp}, Ana : hello\nsecond line\n{stamp}, Bob : (emoticon)\n"
    chat, (invited, hello, sticker) = read_one(tmp_path, "talk.txt", text)

    assert chat.title.startswith("Trip")
    assert (invited.kind, hello.author, hello.text) == ("system", "Ana", "hello\nsecond line")
    assert f"{hello.sent_at:%Y-%m-%d %H:%M}" == "2013-05-03 21:14"
    assert (sticker.text, files_of(sticker)) == ("", [("sticker", None, True)])
