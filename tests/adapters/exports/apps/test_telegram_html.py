"""Telegram's pages: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_one


def test_telegrams_pages_keep_authors_answers_and_photos(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.jpg").write_bytes(b"jpg")
    date = '<div class="pull_right date details" title="03.05.2024 21:14:05 UTC+02:00">21:14</div>'
    page = (
        '<html><body><div class="page_wrap"><div class="page_header"><div class="text bold">Trip</div></div>'
        '<div class="message service" id="message-1"><div class="body details">3 May 2024</div></div>'
        f'<div class="message default clearfix" id="message1"><div class="body">{date}<div class="from_name">Ana</div>'
        '<div class="text">see <a href="https://x.org">here</a><br>ok</div></div></div>'
        f'<div class="message default clearfix joined" id="message2"><div class="body">{date}'
        '<div class="reply_to details">In reply to <a href="#go_to_message1">this</a></div>'
        '<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/1.jpg"></a></div>'
        "</div></div></div></body></html>"
    )
    chat, said = read_one(tmp_path, "messages.html", page)

    assert chat.title == "Trip"
    assert [(each.author, each.text, each.reply_to) for each in said] == [
        ("Ana", "see here (https://x.org)\nok", None),
        ("Ana", "", "message/1"),
    ]
    assert said[0].sent_at.utcoffset() is not None
    assert f"{said[0].sent_at:%H:%M %z}" == "21:14 +0200"
    assert files_of(said[1]) == [("image", "1.jpg", False)]


def test_places_polls_and_calls_on_telegrams_pages_are_words(tmp_path: Path) -> None:
    def message(n: int, media: str) -> str:
        return (
            f'<div class="message default clearfix" id="message{n}"><div class="body"><div class="pull_right date '
            f'details" title="03.05.2024 21:14:0{n} UTC+00:00">21:14</div><div class="from_name">Ana</div>'
            f'<div class="media_wrap clearfix">{media}</div></div></div>\n'
        )

    place = (
        '<a class="media clearfix block_link media_location" href="https://maps.example"><div class="body">'
        '<div class="title bold">Location</div><div class="status details">1.5, 2.5</div></div></a>'
    )
    poll = (
        '<div class="media_poll"><div class="question bold">Where?</div><div class="answer">- Porto</div>'
        '<div class="answer">- Lagos</div></div>'
    )
    head = '<html><body><div class="page_wrap"><div class="page_header"><div class="text bold">Trip</div></div>\n'
    _, said = read_one(tmp_path, "messages.html", f"{head}{message(1, place)}{message(2, poll)}</div></body></html>")

    assert [each.text for each in said] == ["Location\n1.5, 2.5", "Where?\n- Porto\n- Lagos"]


def test_pages_tell_what_happened_and_who_wrote_through_a_bot(tmp_path: Path) -> None:
    date = '<div class="pull_right date details" title="03.05.2024 21:14:05 UTC+00:00">21:14</div>'
    page = (
        '<html><body><div class="page_wrap"><div class="page_header"><div class="text bold">Trip</div></div>\n'
        '<div class="message service" id="message7"><div class="body details">Ana created the group</div></div>\n'
        f'<div class="message default clearfix" id="message8"><div class="body">{date}<div class="from_name">\n'
        'Ana via @gamebot\n</div><div class="text">play!</div></div></div>\n'
        '<div class="message service" id="message9"><div class="body details">\nAna scored 9 in '
        '<a href="#go_to_message8">this game</a>\n</div></div>\n'
        f'<div class="message default clearfix" id="message10"><div class="body">{date}<div class="from_name">Bob</div>'
        '<div class="forwarded body"><div class="from_name">\nZoe <span class="details"> 02.01.2020 16:00:25</span>\n'
        '</div><div class="text">hi</div></div></div></div></div></body></html>'
    )
    _, said = read_one(tmp_path, "messages.html", page)

    assert [(each.author, each.text, each.external_id) for each in said] == [
        ("Ana", "play!", "message/8"),
        (None, "Ana scored 9 in this game", "message/9"),
        ("Bob", "(forwarded: Zoe)\nhi", "message/10"),
    ]
