"""What several apps' exports have in common: attachments, dates, and who exports."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from adapters.exports.parsed import ParseOptions
from adapters.exports.sources import find_sources, installed_formats
from tests.adapters.exports.apps.reading import read_chats, read_one
from tests.adapters.exports.apps.samples import SAMPLES, greeting


def test_lines_of_a_message_that_look_like_days_or_stamps_stay_words(tmp_path: Path) -> None:
    text = (
        "[LINE] Chat history with Ana\nSaved on: 5/4/2024, 12:00\n\nFri, 5/3/2024\n"
        '21:14\tAna\t"Plan:\n12:30 lunch at noon\n2024/05/09\nend"\n21:14\tBob\t"x" is it\n'
        "21:15\tBob\tfirst\n13:00 ferry leaves\n\nSun, 5/5/2024\n09:00\tAna\tok\n"
    )
    _, said = read_one(tmp_path, "line.txt", text)

    assert [(each.author, each.text, f"{each.sent_at:%m-%d %H:%M}") for each in said] == [
        ("Ana", "Plan:\n12:30 lunch at noon\n2024/05/09\nend", "05-03 21:14"),
        ("Bob", '"x" is it', "05-03 21:14"),
        ("Bob", "first\n13:00 ferry leaves", "05-03 21:15"),
        ("Ana", "ok", "05-05 09:00"),
    ]


@pytest.mark.parametrize(
    "written", ["03-May-24 09:15 PM", "May 3, 2024 at 9:15 PM", "2024/5/3 21:15:00", "3 May 2024, 21:15"]
)
def test_tables_may_have_dates_as_people_write_them(tmp_path: Path, written: str) -> None:
    _, said = read_one(tmp_path, "chat.csv", f'author,date,content\nAna,"{written}",hello\n')

    assert f"{said[0].sent_at:%Y-%m-%d %H:%M}" == "2024-05-03 21:15"


def test_what_is_attached_to_mails_and_messages_can_be_opened_while_its_chat_is_read(tmp_path: Path) -> None:
    mail = (
        "From x\nFrom: a@b\nDate: Fri, 3 May 2024 21:14:05 -0000\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        "Content-Type: text/plain\n\nsee\n--b\nContent-Type: text/csv; name=a.csv\n"
        "Content-Disposition: attachment; filename=a.csv\nContent-Transfer-Encoding: base64\n\nYSxiCjEsMgo=\n--b\n"
        "Content-Type: message/rfc822\n\nFrom: c@d\nSubject: old\n\nthe code is 4417\n--b--\n"
    )
    part = '<part ct="application/pdf" name="plan.pdf" data="cGRm" />'
    mms = f'<mms address="1" date="1714770845000" msg_box="1" contact_name="Ana"><parts>{part}</parts></mms>'
    opened: list[tuple[str | None, bytes]] = []
    for name, text in (("T.mbox", mail), ("sms.xml", f"<smses>{mms}</smses>")):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        (source,) = find_sources(path, installed_formats())
        for chat in source.format.open(path, ParseOptions(UTC)):
            for message in chat.messages:
                assert f"{message.sent_at:%H:%M %Z}" == "21:14 UTC"
                for file in message.attachments:
                    assert chat.media is not None
                    with chat.media.open(file.path or file.name or "") as stream:
                        opened.append((file.name, stream.read()))

    assert opened == [
        ("a.csv", b"a,b\n1,2\n"),
        ("mail.eml", b"From: c@d\nSubject: old\n\nthe code is 4417"),
        ("plan.pdf", b"pdf"),
    ]


@pytest.mark.parametrize("name", ["sms", "signal frames", "imessage"])
def test_who_exports_is_the_owner_also_without_a_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / SAMPLES[name].file
    path.write_bytes(greeting(SAMPLES[name]))

    assert [chat.own_account for chat, _ in read_chats(path)] == ["Me"]
