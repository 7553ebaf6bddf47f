"""Mails: the files that came with them are read in their turn, and what they quote is told from what they say."""

from __future__ import annotations

import struct
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot import Attachment
from bot.reading.pieces import About
from bot.testing import FakeAdapter, chat
from memory import Scope, Selection
from plugins.text.mail.quoted import split_quoted
from plugins.text.plugin import TextPlugin
from tests.plugins.text import text_files as made
from tests.plugins.text.office_files import zipped
from tests.plugins.text.old_office_files import ole
from tests.plugins.text.reading import items, pieces, refusal


def mail(subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ann Reed <ann@example.org>"
    message["Subject"] = subject
    message["Date"] = "Fri, 03 May 2024 14:00:00 +0200"
    message.set_content(text)
    return message


async def test_attachments_and_forwarded_mails_are_read_and_what_nobody_reads_is_said(tmp_path: Path) -> None:
    inner = mail("The tram", "Tram 5 goes there.")
    inner.add_attachment("Line 5: every ten minutes.\n", filename="times.txt")
    outer = mail("Hours", "See the files.")
    outer.add_attachment(made.docx_file(), maintype="application", subtype="octet-stream", filename="museum.docx")
    outer.add_attachment(inner)
    outer.add_attachment(b"\x00\x01\x02", maintype="application", subtype="x-thing", filename="odd.bin")
    files = {"hours.eml": outer.as_bytes()}
    async with chat(tmp_path, plugins=[TextPlugin()], adapter=FakeAdapter(files=files)) as ann:
        (said,) = await ann.says("", Attachment("hours.eml", "message/rfc822", "hours.eml"))
        assert "It came with odd.bin, which was not read: I can't read odd.bin" in said
        kept = await ann.memory.passages.select(Scope.all(), Selection(kinds=("document",)))
    found = {passage.locator: passage.text for passage in kept}
    assert found["museum.docx, section “Opening hours”"].startswith("Opening hours\nWe open at nine.")
    assert "Tram 5 goes there." in "\n".join(text for place, text in found.items() if place and "tram.eml" in place)
    assert found["The tram.eml, times.txt, line 1"] == "Line 5: every ten minutes."


async def test_mails_within_mails_without_end_are_read_to_some_depth(tmp_path: Path) -> None:
    message = mail("0", "deepest")
    for depth in range(1, 12):
        outer = mail(str(depth), f"depth {depth}")
        outer.add_attachment(message)
        message = outer
    async with chat(tmp_path, plugins=[TextPlugin()], adapter=FakeAdapter(files={"a.eml": message.as_bytes()})) as ann:
        (said,) = await ann.says("", Attachment("a.eml", "message/rfc822", "a.eml"))
    assert "there are too many files in it" in said


async def test_a_file_of_pages_is_read_by_its_preview_or_refused_with_what_to_do(tmp_path: Path) -> None:
    files = {
        "plan.pages": zipped({"Index/Document.iwa": "?", "QuickLook/Preview.pdf": "%PDF-1.4 damaged"}),
        "new.pages": zipped({"Index/Document.iwa": "?"}),
    }
    async with chat(tmp_path, plugins=[TextPlugin()], adapter=FakeAdapter(files=files)) as ann:
        (said,) = await ann.says("", Attachment("plan.pages", "", "plan.pages"))
        assert "It came with Preview.pdf, which was not read" in said  # there is no reader of PDF files here
        (said,) = await ann.says("", Attachment("new.pages", "", "new.pages"))
        assert said == "I can't read new.pages: export it from Pages as Word or PDF (File › Export To) and send that."


def test_text_that_a_mail_hides_is_left_out(tmp_path: Path) -> None:
    message = mail("Hours", "unused")
    message.set_content('<p>We open at nine.</p><p style="display:none">HIDDEN</p>', subtype="html")
    assert [piece.text for piece in pieces(tmp_path, "a.eml", message.as_bytes())][1:] == ["We open at nine."]


def test_what_is_quoted_stands_apart(tmp_path: Path) -> None:
    text = "Nine is fine.\n\nOn Fri, 3 May 2024 at 10:00, Bob <bob@example.org> wrote:\n> When?\n> > Or ten?\n"
    _, own, quoted = pieces(tmp_path, "a.eml", mail("Hours", text).as_bytes())
    assert (own.text, own.headings) == ("Nine is fine.", ("Hours",))
    assert (quoted.locator, quoted.headings) == ("quoted", ("Hours", "Quoted from an earlier mail"))
    assert quoted.text.splitlines() == ["On Fri, 3 May 2024 at 10:00, Bob <bob@example.org> wrote:", "When?", "Or ten?"]


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On Fri, Bob wrote:</div><blockquote>When?</blockquote></div>',
        '<div class="moz-cite-prefix">On Fri, Bob wrote:</div><blockquote type="cite"><p>When?</p></blockquote>',
    ],
)
def test_what_a_mail_in_html_quotes_stands_apart(tmp_path: Path, quote: str) -> None:
    message = mail("Hours", "unused")
    message.set_content(f"<p>Nine is fine.</p>{quote}", subtype="html")
    _, own, quoted = pieces(tmp_path, "a.eml", message.as_bytes())
    assert own.text == "Nine is fine."
    assert quoted.headings == ("Hours", "Quoted from an earlier mail")
    assert [line for line in quoted.text.splitlines() if line] == ["On Fri, Bob wrote:", "When?"]


def test_a_quotation_in_html_that_is_answered_below_stays_with_its_answer(tmp_path: Path) -> None:
    message = mail("Hours", "unused")
    message.set_content('<blockquote type="cite">When?</blockquote><p>At nine.</p>', subtype="html")
    _, own = pieces(tmp_path, "a.eml", message.as_bytes())
    assert own.text == "> When?\n\nAt nine."


def test_an_invitation_that_is_not_read_is_said(tmp_path: Path) -> None:
    message = mail("Dinner", "Please come.")
    message.add_alternative("BEGIN:VCALENDAR\nEND:VCALENDAR", subtype="calendar")
    assert About(notes=("1 invitation was left out.",)) in items(tmp_path, "a.eml", message.as_bytes())


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Yes.\n\n-----Original Message-----\nFrom: Bob\nSent: Friday\n\nWhen?", ["Yes.", ""]),
        ("Ja.\n\nAm 03.05.2024 um 10:00 schrieb Bob:\n> Wann?", ["Ja.", ""]),
        ("Oui.\n\nLe 3 mai 2024 à 10:00,\nBob <b@example.org> a écrit :\n> Quand ?", ["Oui.", ""]),
        ("Yes.\n\nFrom: Bob <b@example.org>\nSent: Friday\nSubject: When\n\nWhen?", ["Yes.", ""]),
        ("Yes.\n> When?", ["Yes."]),
        ("> When?\nAt nine.\n> Where?\nHere.", ["> When?", "At nine.", "> Where?", "Here."]),
        ("On Friday Bob wrote: a poem.\nIt was good.", ["On Friday Bob wrote: a poem.", "It was good."]),
        ("From: here to there\nit is far.", ["From: here to there", "it is far."]),
    ],
)
def test_only_what_is_quoted_below_is_folded(text: str, own: list[str]) -> None:
    assert split_quoted(text)[0] == own


def outlook(properties: bytes = b"", **texts: str) -> bytes:
    """Return a mail as Outlook saves it: its texts by the numbers of their properties, and those of fixed length."""
    named = {f"__substg1.0_{number.removeprefix('p')}001F": text.encode("utf-16-le") for number, text in texts.items()}
    return ole(**named, **{"__properties_version1.0": bytes(32) + properties})


def test_a_mail_that_outlook_saved_is_read_as_one_that_others_did(tmp_path: Path) -> None:
    headers = "Received: by x\r\nDate: Fri, 03 May 2024 14:00:00 +0200\r\n"
    body = "We open at nine.\r\n\r\nOn Thu, 2 May 2024, Bob wrote:\r\n> When do you open?\r\n"
    data = outlook(p0037="Hours", p0C1A="Ana", p0C1F="ana@example.org", p0E04="Bob", p007D=headers, p1000=body)
    head, own, quoted = pieces(tmp_path, "a.msg", data)

    assert head.text == ("From: Ana <ana@example.org>\nTo: Bob\nDate: Fri, 03 May 2024 14:00:00 +0200\nSubject: Hours")
    assert (own.text, own.headings) == ("We open at nine.", ("Hours",))
    assert "When do you open?" in quoted.text
    assert quoted.locator == "quoted"
    assert own.said_at is not None
    assert own.said_at.isoformat() == "2024-05-03T14:00:00+02:00"


def test_a_page_is_the_body_of_an_outlook_mail_without_another_and_its_date_may_be_a_property(tmp_path: Path) -> None:
    page = "<html><body><p>We open at <b>nine</b>.</p><p style='display:none'>HIDDEN</p></body></html>"
    sent = struct.pack("<HHIQ", 0x0040, 0x0039, 6, 133_592_112_000_000_000)
    head, own = pieces(tmp_path, "a.msg", outlook(sent, p0037="Hours", p1013=page))

    assert head.text == "Date: Fri, 03 May 2024 12:00:00 +0000\nSubject: Hours"
    assert own.text == "We open at nine."


def test_what_is_called_an_outlook_mail_and_is_none_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.msg", b"Dear Bob,") == "a.msg is not a mail of Outlook."


def test_a_mail_that_an_editor_saved_in_utf_16_is_read(tmp_path: Path) -> None:
    mail = "From: ana@example.org\r\nSubject: Trip\r\n\r\nAt nine.\r\n".encode("utf-16")
    assert [piece.text for piece in pieces(tmp_path, "a.eml", mail)] == [
        "From: ana@example.org\nSubject: Trip",
        "At nine.",
    ]
