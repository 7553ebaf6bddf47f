"""GroupMe's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_chats, read_one

_AT = 1714770845


def _message(n: int, **more: object) -> dict[str, object]:
    return {"id": str(n), "created_at": _AT + n, "sender_id": "7", "name": "Ana", "text": "hi", "favorited_by": [],
            "attachments": [], "group_id": "5", "system": False, **more}  # fmt: skip


def test_a_group_of_groupme_is_read_from_the_zip(tmp_path: Path) -> None:
    number = "0123456789abcdef0123456789abcdef"
    picture = {"type": "image", "url": f"https://i.groupme.com/10x10.jpeg.{number}"}
    said = [
        _message(9, deleted_at=_AT + 20, text=None),
        _message(5, text="Ana left the group.", sender_id="system", system=True, name="GroupMe"),
        _message(4, text="there", attachments=[{"type": "reply", "reply_id": "3"}], updated_at=_AT + 9),
        _message(3, text=None, attachments=[{"type": "location", "name": "Pier", "lat": "1.5", "lng": "2"}]),
        _message(1, text="look", attachments=[picture, {"type": "mentions"}]),
    ]
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("5/message.json", json.dumps(said))
        archive.writestr("5/conversation.json", json.dumps({"id": "5", "group_id": "5", "name": "Crew"}))
        archive.writestr(f"5/gallery/{_AT}.{number}.jpeg", b"jpg")
    ((chat, read),) = read_chats(path)

    assert (chat.title, chat.external_id, chat.kind) == ("Crew", "5", "group")
    assert [(each.kind, each.author, each.text) for each in read] == [
        ("message", "Ana", "look"),
        ("message", "Ana", "Pier (1.5, 2)"),
        ("message", "Ana", "there"),
        ("system", None, "Ana left the group."),
        ("message", "Ana", ""),
    ]
    assert files_of(read[0]) == [("image", f"{_AT}.{number}.jpeg", False)]
    assert (read[2].reply_to, read[2].edited, read[4].deleted) == ("3", True, True)


def test_a_group_that_a_program_saved_has_its_names_beside_it(tmp_path: Path) -> None:
    (tmp_path / "people.json").write_text(json.dumps({"7": {"name": "Ana Reed"}}))
    (tmp_path / "group_info.json").write_text(json.dumps({"name": "Crew", "description": ""}))
    said = {"author": "7", "created_at": _AT, "text": "hi", "favorited_by": ["8"], "attachments": []}
    chat, read = read_one(tmp_path, "messages.json", [said, said | {"author": "system", "text": "Bob joined"}])

    assert chat.title == "Crew"
    assert [(each.kind, each.author, each.text) for each in read] == [
        ("message", "Ana Reed", "hi"),
        ("system", None, "Bob joined"),
    ]


def test_of_groupme_messages_without_a_time_are_counted(tmp_path: Path) -> None:
    chat, read = read_one(tmp_path, "message.json", [_message(1), _message(2, created_at=None)])

    assert len(read) == 1
    assert [each.message for each in chat.warnings] == ["message 2 has no possible time; it was left out"]
