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


def test_lines_that_stand_for_files_and_the_systems_lines_are_known(tmp_path: Path) -> None:
    text = (
        '2021-03-04 12:01:02 "小明"\n你好\n[图片]\n\n'
        '2021-03-04 12:02:02 "我"\n[文件] 计划.pdf\n\n'
        '2021-03-04 12:03:02 系统消息(10000)\n"小明"邀请"小华"加入了群聊\n\n'
        "2021-03-04 12:04:02 小明\n我在[微笑]\n"
    )
    _, said = read_one(tmp_path, "a.txt", text)

    assert [(each.author, each.text, files_of(each)) for each in said] == [
        ("小明", "你好", [("image", None, True)]),
        ("Me", "", [("document", "计划.pdf", True)]),
        (None, '"小明"邀请"小华"加入了群聊', []),
        ("小明", "我在[微笑]", []),
    ]


def test_the_table_of_pywxdump_is_read(tmp_path: Path) -> None:
    table = (
        "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime,room_name\n"
        "1,9,文本,0,wxid_a,你好,,2023-11-23 10:20:30,r\n"
        "2,9,图片,1,wxid_me,图片,a.dat,2023-11-23 10:21:30,r\n"
        "3,9,系统通知,0,wxid_a,joined,,2023-11-23 10:22:30,r\n"
    )
    _, said = read_one(tmp_path, "a.csv", table)

    assert [(each.author, each.text, files_of(each)) for each in said] == [
        ("wxid_a", "你好", []),
        ("Me", "", [("image", None, True)]),
        (None, "joined", []),
    ]
