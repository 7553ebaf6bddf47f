"""Messenger's and Instagram's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from adapters.exports.json_stream import as_map
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


def _mojibake(value: object) -> object:
    """Return a value with all of its texts as Meta writes them."""
    if isinstance(value, str):
        return value.encode().decode("latin-1")
    if isinstance(value, list):
        return [_mojibake(each) for each in value]
    return {key: _mojibake(each) for key, each in value.items()} if isinstance(value, dict) else value


def _read_meta(folder: Path, *records: object) -> list[tuple[str | None, str]]:
    """Return who said what in a chat of these records, one after the other."""
    timed = [{"timestamp_ms": 1714770845000 + at, **as_map(each)} for at, each in enumerate(records)]
    chat = {"participants": [{"name": "Ana"}, {"name": "Bob"}], "messages": timed, "title": "Trip"}
    _, found = read_one(folder, "message_1.json", _mojibake(chat))
    return [(each.author, each.text) for each in found]


def test_notices_of_reactions_are_known_in_every_language_by_the_reactions_that_they_tell_of(tmp_path: Path) -> None:
    given = [{"reaction": emoji, "actor": "Bob"} for emoji in ("😂", "❤️")]
    words = "வணக்கம்  மெசேஜுக்கு {} என"
    said = [
        {"sender_name": "Ana", "content": "the ferry is late", "reactions": given},
        {"sender_name": "Bob", "content": words.format("😂")},
        {"sender_name": "Bob", "content": words.format("❤️")},
        {"sender_name": "Ana", "content": words.format("😂")},
        {"sender_name": "Bob", "content": "so late 😂 "},
        {"sender_name": "Bob", "content": "we wait 😂 here"},
    ]

    assert _read_meta(tmp_path, *said) == [
        ("Ana", "the ferry is late"),
        (None, f"Bob: {words.format('😂')}"),
        (None, f"Bob: {words.format('❤️')}"),
        ("Ana", words.format("😂")),
        ("Bob", "so late 😂 "),
        ("Bob", "we wait 😂 here"),
    ]


def test_of_something_shared_only_its_own_words_are_kept(tmp_path: Path) -> None:
    link = {"link": "https://x.org/reel/1", "share_text": "tortoises racing"}
    said = [
        {"sender_name": "Ana", "content": "You sent an attachment.", "share": link},
        {"sender_name": "Ana", "content": "Ana csatolt fájlt küldött.", "share": {"link": "https://x.org/2"}},
        {"sender_name": "Ana", "content": "look at this.", "share": {"link": "https://x.org/3"}},
        {"sender_name": "Ana", "content": "Ana sent an attachment."},
    ]

    assert _read_meta(tmp_path, *said) == [
        ("Ana", "tortoises racing\nhttps://x.org/reel/1"),
        ("Ana", "https://x.org/2"),
        ("Ana", "look at this.\nhttps://x.org/3"),
        (None, "Ana sent an attachment."),
    ]


def test_calls_and_likes_are_notices_without_a_kind_of_their_own(tmp_path: Path) -> None:
    said = [
        {"sender_name": "Ana", "content": "Đã gọi cho bạn.", "call_duration": 12},
        {"sender_name": "Ana", "content": "You started an audio call"},
        {"sender_name": "Bob", "content": "Audio call ended"},
        {"sender_name": "Ana", "content": "Ana liked a message"},
        {"sender_name": "Bob", "content": "Curtiu uma mensagem"},
        {"sender_name": "Bob", "content": "I liked a message of hers"},
    ]

    assert _read_meta(tmp_path, *said) == [
        (None, "Đã gọi cho bạn."),
        (None, "You started an audio call"),
        (None, "Bob: Audio call ended"),
        (None, "Ana liked a message"),
        (None, "Bob: Curtiu uma mensagem"),
        ("Bob", "I liked a message of hers"),
    ]
