"""Zulip's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_chats

_AT = 1714770845.25


def _export(path: Path, *messages: object, realm: object = None) -> Path:
    people = [{"id": 7, "full_name": "Ana Reed", "email": "a@b"}, {"id": 8, "full_name": "Bob", "email": "b@b"}]
    recipients = [{"id": 31, "type": 2, "type_id": 5}, {"id": 32, "type": 1, "type_id": 8},
                  {"id": 33, "type": 1, "type_id": 7}]  # fmt: skip
    known = {"zerver_userprofile": people, "zerver_stream": [{"id": 5, "name": "general"}],
             "zerver_recipient": recipients}  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("zulip-export/realm.json", json.dumps(known if realm is None else realm))
        archive.writestr("zulip-export/messages-000001.json", json.dumps({"zerver_message": messages}))
        archive.writestr("zulip-export/uploads/2/ab/plan.pdf", b"pdf")
    return path


def _message(n: int, sender: int, recipient: int, content: str, **more: object) -> object:
    return {"id": n, "sender": sender, "recipient": recipient, "subject": "launch", "content": content,
            "date_sent": _AT + n, "edit_history": None, **more}  # fmt: skip


def test_channels_and_direct_messages_of_zulip_are_told_apart(tmp_path: Path) -> None:
    path = _export(
        tmp_path / "zulip.zip",
        _message(1, 7, 31, "see [plan.pdf](/user_uploads/2/ab/plan.pdf)"),
        _message(2, 7, 32, "psst"),
        _message(3, 8, 33, "yes?", edit_history='[{"prev_content": "ye"}]'),
        _message(4, 8, 31, "good"),
    )
    read = {chat.title: (chat, said) for chat, said in read_chats(path)}

    assert {title: [(each.author, each.text) for each in said] for title, (_, said) in read.items()} == {
        "general": [("Ana Reed", "see"), ("Bob", "good")],
        "Ana Reed, Bob": [("Ana Reed", "psst"), ("Bob", "yes?")],
    }
    assert (read["general"][0].kind, read["Ana Reed, Bob"][0].kind) == ("group", "direct")
    assert files_of(read["general"][1][0]) == [("document", "plan.pdf", False)]
    assert read["general"][1][0].thread == "launch"
    assert read["Ana Reed, Bob"][1][1].edited


def test_of_zulip_messages_without_people_or_times_are_told(tmp_path: Path) -> None:
    path = _export(
        tmp_path / "zulip.zip", _message(1, 7, 31, "hi"), _message(2, 7, 31, "no", date_sent="soon"), realm={}
    )
    ((chat, said),) = read_chats(path)

    assert [(each.author, each.text) for each in said] == [("Somebody", "hi")]
    assert [each.message for each in chat.warnings] == ["message 2 has no possible time; it was left out"]
