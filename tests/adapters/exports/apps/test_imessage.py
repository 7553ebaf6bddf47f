"""Exports of iMessage: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_one


def test_imessages_replies_stand_once_and_tapbacks_are_left_out(tmp_path: Path) -> None:
    text = (
        "May 03, 2024  9:14:05 PM (Read by you after 1 minute)\nAna\nhello\nTapbacks:\n    Loved by Me\n"
        "    May 03, 2024  9:15:00 PM\n    Me\n    an answer\n\n"
        "May 03, 2024  9:15:00 PM\nMe\nan answer\nThis message responded to an earlier message.\n\n"
        "May 03, 2024  9:16:00 PM You named the conversation Trip\n\nMay 03, 2024  9:17:00 PM\nMe\n/Users/me/p.heic\n\n"
    )
    _, said = read_one(tmp_path, "Ana.txt", text)

    assert [(each.author, each.text) for each in said] == [
        ("Ana", "hello"),
        ("Me", "an answer"),
        (None, "You named the conversation Trip"),
        ("Me", ""),
    ]
    assert files_of(said[3]) == [("image", "p.heic", True)]


def test_imessages_own_words_are_kept_whatever_they_look_like(tmp_path: Path) -> None:
    text = (
        "May 03, 2024  9:14:05 PM\nAna\ndef pay():\n    return 7\nLoved by nobody\n\n"
        "May 03, 2024  9:15:00 PM\nMe\nMay 03, 2024  9:15:00 PM see you at seven\n"
        "Edited 5 seconds later: see you at eight\n\n"
        "May 03, 2024  9:16:00 PM\nAna\nI unsent a message to Bob yesterday\n\n"
        "May 03, 2024  9:17:00 PM\nAna\nAna unsent this message part 1 minute after sending!\n\n"
        "May 03, 2024  9:18:00 PM\nAna\nfirst part\nTapbacks:\nLoved by Me\n\nsecond part\n\n"
    )
    _, said = read_one(tmp_path, "Ana.txt", text)

    assert [(each.author, each.text, each.edited, each.deleted) for each in said] == [
        ("Ana", "def pay():\n    return 7\nLoved by nobody", False, False),
        ("Me", "see you at eight", True, False),
        ("Ana", "I unsent a message to Bob yesterday", False, False),
        ("Ana", "", False, True),
        ("Ana", "first part\nsecond part", False, False),
    ]


def test_imessages_pages_keep_subjects_and_links(tmp_path: Path) -> None:
    def message(body: str) -> str:
        return (
            '<div class="message"><div class="received"><p><span class="timestamp">May 03, 2024  9:14:05 PM</span>'
            f'<span class="sender">Ana</span></p>{body}</div></div>\n'
        )

    link = (
        '<hr><div class="message_part"><div class="app"><a href="https://ferry.example"><div class="app_header">'
        '<div class="name"><b>Ferries</b></div></div></a></div></div>'
    )
    bubble = '<div class="message_part"><span class="bubble">bring a coat</span></div>'
    page = message(f'Subject: <span class="subject">The trip</span><hr>{bubble}') + message(link)
    _, said = read_one(tmp_path, "Ana.html", f'<html><meta charset="UTF-8">\n{page}</html>')

    assert [each.text for each in said] == ["The trip\nbring a coat", "https://ferry.example\nFerries"]
