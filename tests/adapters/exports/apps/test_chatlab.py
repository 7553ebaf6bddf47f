"""ChatLab's format: what it holds beside words, and its oddities."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_one
from tests.adapters.exports.apps.samples import CHATLAB_HEAD

_SAID = {"sender": "wxid_7", "accountName": "小明", "timestamp": 1714770845, "type": 0, "content": "你好"}


def test_files_notices_and_recalled_messages_of_chatlab_are_known(tmp_path: Path) -> None:
    (tmp_path / "heron.jpg").write_bytes(b"jpg")
    said = [
        _SAID | {"platformMessageId": "1", "groupNickname": "明"},
        _SAID | {"type": 1, "content": "[图片]", "timestamp": 1714770845123},
        _SAID | {"type": 1, "content": "heron.jpg", "replyToMessageId": "1"},
        _SAID | {"type": 80, "content": "小明 joined"},
        _SAID | {"type": 81, "content": "你撤回了一条消息"},
        _SAID | {"timestamp": "soon"},
    ]
    chat, read = read_one(tmp_path, "trip.json", CHATLAB_HEAD | {"messages": said})

    assert (chat.title, chat.platform, chat.kind, chat.external_id) == ("Trip", "wechat", "group", "g@chatroom")
    assert [(each.author, each.text, each.deleted) for each in read] == [
        ("明", "你好", False),
        ("小明", "", False),
        ("小明", "", False),
        (None, "小明 joined", False),
        ("小明", "", True),
    ]
    assert [files_of(each) for each in read[1:3]] == [[("image", None, True)], [("image", "heron.jpg", False)]]
    assert read[1].sent_at.year == 2024
    assert [each.message for each in chat.warnings] == ["message 6 has no possible time; it was left out"]
