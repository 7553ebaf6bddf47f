"""Messenger's and Instagram's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_chats, read_one


def test_a_whole_account_of_instagram_is_read_chat_by_chat_with_its_photos(tmp_path: Path) -> None:
    def chat(title: str, *messages: dict[str, object]) -> str:
        people = [{"name": "Ana"}, {"name": "Bob"}]
        path = f"inbox/{title.lower()}_1"
        return json.dumps({"participants": people, "messages": messages, "title": title, "thread_path": path})

    root = "your_instagram_activity/messages/inbox/"
    photo = {"uri": f"{root}trip_1/photos/1.jpg", "creation_timestamp": 1}
    at = 1714770845000
    path = tmp_path / "instagram-ana.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("personal_information/personal_information.json", "{}")
        archive.writestr(
            f"{root}trip_1/message_1.json",
            chat(
                "Trip",
                {
                    "sender_name": "Ana",
                    "timestamp_ms": at,
                    "content": "see you in caf\u00c3\u00a9 \u00f0\u009f\u008e\u0089",
                },
                {"sender_name": "Bob", "timestamp_ms": at - 1000, "photos": [photo]},
                {"sender_name": "Bob", "timestamp_ms": at - 2000, "is_unsent": True},
                {
                    "sender_name": "Ana",
                    "timestamp_ms": at - 3000,
                    "share": {"link": "https://x.org"},
                    "content": "look",
                },
            ),
        )
        archive.writestr(f"{root}trip_1/photos/1.jpg", b"jpg")
        archive.writestr(f"{root}work_1/message_1.json", chat("Work", {"sender_name": "Ana", "timestamp_ms": at}))
    (trip, said), (work, _) = read_chats(path)

    assert [(each.title, each.platform, each.kind) for each in (trip, work)] == [
        ("Trip", "instagram", "direct"),
        ("Work", "instagram", "direct"),
    ]
    assert [each.text for each in said] == ["look\nhttps://x.org", "", "", "see you in café 🎉"]
    assert said[1].deleted
    assert files_of(said[2]) == [("image", "1.jpg", False)]


def test_only_messengers_own_line_marks_a_message_as_unsent(tmp_path: Path) -> None:
    texts = ["I never unsent a message", "Ana unsent a message"]
    said = [{"sender_name": "Ana", "timestamp_ms": n, "content": text} for n, text in enumerate(texts, 1714770845000)]
    content = {"participants": [{"name": "Ana"}], "messages": said, "title": "Trip", "thread_path": "inbox/x"}
    _, found = read_one(tmp_path, "message_1.json", content)

    assert [(each.text, each.deleted) for each in found] == [("I never unsent a message", False), ("", True)]


def test_what_messenger_says_of_somebody_is_not_their_message(tmp_path: Path) -> None:
    said = [
        ("Ana Lima", "Ana reacted 😆 to your message "),
        ("Ana Lima", "Reacted ❤️ to your message"),
        ("Bob", "Liked a message"),
        ("Bob", "Hat mit 😆 auf deine Nachricht reagiert"),
        ("Ana Lima", "Ana named the group Trip."),
        ("Bob", "I reacted badly to your message 😆 sorry"),
        ("Bob", "Ana named the cat Tom"),
    ]
    messages = [
        {"sender_name": name, "timestamp_ms": 1714770845000 + at, "content": text.encode().decode("latin-1")}
        for at, (name, text) in enumerate(said)
    ]
    _, found = read_one(tmp_path, "message_1.json", {"messages": messages})

    assert [(each.author, each.text) for each in found] == [
        (None, "Ana reacted 😆 to your message"),
        (None, "Ana Lima: Reacted ❤️ to your message"),
        (None, "Bob: Liked a message"),
        (None, "Bob: Hat mit 😆 auf deine Nachricht reagiert"),
        (None, "Ana named the group Trip."),
        ("Bob", "I reacted badly to your message 😆 sorry"),
        ("Bob", "Ana named the cat Tom"),
    ]
