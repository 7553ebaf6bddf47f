"""Signal's exports and backups: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_chats, read_one


def test_signals_groups_edits_and_deletions_are_read(tmp_path: Path) -> None:
    frames: list[object] = [
        {"version": "1", "backupTimeMs": "1", "mediaRootBackupKey": "AA=="},
        {"recipient": {"id": "1", "self": {}}},
        {"recipient": {"id": "2", "contact": {"e164": "15551234", "profileGivenName": "Ana"}}},
        {"recipient": {"id": "3", "group": {"snapshot": {"title": {"title": "Trip"}}}}},
        {"chat": {"id": "7", "recipientId": "3"}},
        {"chat": {"id": "8", "recipientId": "2"}},
    ]
    base = {"dateSent": "1714770845000", "incoming": {}, "authorId": "2"}
    file = {"pointer": {"fileName": "p.pdf", "contentType": "application/pdf"}}
    items = [
        {"chatId": "7", **base, "standardMessage": {"text": {"body": "look"}, "attachments": [file]}},
        {"chatId": "8", **base, "remoteDeletedMessage": {}},
        {"chatId": "7", **base, "standardMessage": {"text": {"body": "at nine"}}, "revisions": [{}]},
        {"chatId": "8", "dateSent": "1714770846000", "outgoing": {}, "standardMessage": {"text": {"body": "ok"}}},
    ]
    path = tmp_path / "main.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in [*frames, *({"chatItem": item} for item in items)]))
    (trip, said), (ana, private) = read_chats(path)

    assert (trip.title, trip.kind, ana.title, ana.kind) == ("Trip", "group", "Ana", "direct")
    assert [(each.text, each.edited) for each in said] == [("look", False), ("at nine", True)]
    assert files_of(said[0]) == [("document", "p.pdf", True)]
    assert [(each.author, each.deleted) for each in private] == [("Ana", True), ("Me", False)]


def test_signal_export_is_told_from_whatsapp_and_its_media_are_found(tmp_path: Path) -> None:
    (tmp_path / "Tom" / "media").mkdir(parents=True)
    (tmp_path / "Tom" / "media" / "1.png").write_bytes(b"png")
    text = (
        "[2024-01-01 12:00] Me: Hello\n[2024-01-01 12:01] Tom: Hi there  \n(- Me: 👍 -)\n"
        "[2024-01-01, 12:02] Tom: ![1.png](./media/1.png)  \nsecond line\n"
    )
    chat, said = read_one(tmp_path, "Tom/chat.md", text)

    assert [(each.author, each.text) for each in said] == [("Me", "Hello"), ("Tom", "Hi there"), ("Tom", "second line")]
    assert files_of(said[2]) == [("image", "1.png", False)]
    assert chat.media is not None


def test_signal_exports_records_are_read(tmp_path: Path) -> None:
    record = {
        "date": "2024-05-03 21:14:05",
        "sender": "Tom",
        "body": "hi  ",
        "quote": "",
        "attachments": [],
        "sticker": "",
    }
    _, said = read_one(tmp_path, "data.json", json.dumps(record) + "\n" + json.dumps(record) + "\n")

    assert [(each.author, each.text) for each in said] == [("Tom", "hi"), ("Tom", "hi")]


def test_of_signal_polls_contacts_payments_and_changes_are_told(tmp_path: Path) -> None:
    def item(n: int, **content: object) -> str:
        return json.dumps({"chatItem": {"chatId": "1", "authorId": "2", "dateSent": f"171477084500{n}", **content}})

    poll = {"question": "Where?", "options": [{"option": "Porto"}, {"option": "Lagos"}]}
    contact = {"name": {"givenName": "Zoe"}, "number": [{"value": "+1555"}]}
    changes = {"updates": [{"groupNameUpdate": {"updaterAci": "x", "newGroupName": "New trip"}}]}
    lines = [
        json.dumps({"version": "1", "backupTimeMs": "1"}),
        json.dumps({"recipient": {"id": "2", "contact": {"profileGivenName": "Ana"}}}),
        json.dumps({"chat": {"id": "1", "recipientId": "2"}}),
        item(1, poll=poll),
        item(2, contactMessage={"contact": contact}),
        item(3, viewOnceMessage={}),
        item(4, paymentNotification={}),
        item(5, updateMessage={"groupChange": changes}),
        item(6, adminDeletedMessage={"adminId": "2"}),
        item(7, standardMessage={"text": {"body": "see"}, "linkPreview": [{"url": "https://x.example"}]}),
    ]
    _, said = read_one(tmp_path, "main.jsonl", "\n".join(lines))

    assert [(each.text, each.kind, each.deleted, len(each.attachments)) for each in said] == [
        ("Poll: Where?\n- Porto\n- Lagos", "message", False, 0),
        ("Zoe +1555", "message", False, 0),
        ("", "message", False, 1),
        ("[a payment]", "message", False, 0),
        ("group name update: New trip", "system", False, 0),
        ("", "message", True, 0),
        ("see\nhttps://x.example", "message", False, 0),
    ]


def test_signal_exports_markdown_with_seconds_is_signals(tmp_path: Path) -> None:
    (tmp_path / "Crew" / "media").mkdir(parents=True)
    (tmp_path / "Crew" / "media" / "my heron.jpg").write_bytes(b"jpg")
    text = (
        "[2024-05-03 21:14:05] Me: hello  \n"
        "[2024-05-03 21:15:05] Ana: \n\n> hello\n\nlook  \n(- Me: 👍 -)![my heron.jpg](./media/my%20heron.jpg)  \n"
        "[2024-05-03 21:16:05] Ana: (This message was deleted)\n"
        "[2024-05-03 21:17:05] Ana: Incoming voice call (accepted, 2m 3s)  \n"
        "[2024-05-03 21:18:05] No-Sender:   \n"
        "[2024-05-03 21:19:05] Ana:   \n(( 🐦 ))\n"
    )
    chat, said = read_one(tmp_path / "Crew", "chat.md", text)

    assert (chat.title, chat.own_account) == ("Crew", "Me")
    assert [(each.kind, each.author, each.text, each.deleted) for each in said] == [
        ("message", "Me", "hello", False),
        ("message", "Ana", "> hello\n\nlook", False),
        ("message", "Ana", "", True),
        ("system", None, "Ana: Incoming voice call (accepted, 2m 3s)", False),
        ("message", "Ana", "[sticker: 🐦]", False),
    ]
    assert files_of(said[1]) == [("image", "my heron.jpg", False)]


def test_a_deleted_message_and_a_quote_of_signal_exports_json_are_known(tmp_path: Path) -> None:
    said = {
        "date": "2024-05-03T21:14:05",
        "sender": "Ana",
        "body": "yes",
        "quote": "\n\n> sure?\n\n",
        "attachments": [],
    }
    lines = "".join(json.dumps(each) + "\n" for each in (said, said | {"body": "", "quote": "", "deleted": True}))
    _, read = read_one(tmp_path / "Crew", "data.json", lines)

    assert [(each.text, each.deleted) for each in read] == [("> sure?\n\nyes", False), ("", True)]
