"""WeChat's tables: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_one


def test_the_table_of_wechatmsg_is_read(tmp_path: Path) -> None:
    text = (
        "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n"
        '1,1,1,0,0,1714770845,,"hi, there",2024-05-03 21:14:05,,Ana,wxid_1\n'
        "2,1,1,0,1,1714770846,,ok,2024-05-03 21:14:06,,Me,wxid_2\n"
        "3,1,3,0,0,1,,[图片],2024-05-03 21:14:07,Ann,Ana,wxid_1\n"
        "4,1,10000,0,0,1,,Ana 撤回了一条消息,2024-05-03 21:14:08,,,\n"
    )
    _, said = read_one(tmp_path, "chat.csv", text)

    assert [(each.author, each.text) for each in said[:2]] == [("Ana", "hi, there"), ("Me", "ok")]
    assert files_of(said[2]) == [("image", None, True)]
    assert said[3].kind == "system"
