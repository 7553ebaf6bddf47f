from __future__ import annotations

import io
import zipfile
from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.reading.pieces import About, Enclosed, Progress
from tests.plugins.text import text_files as made
from tests.plugins.text.reading import about, items, pieces, refusal


def test_plain_text_names_the_lines_of_its_paragraphs(tmp_path: Path) -> None:
    long = "A sentence that goes on. " * 20
    text = f"One.\n\nTwo,\nthree.\n\n{long}\n\n{long}\n"
    found = pieces(tmp_path, "a.txt", text)
    assert [(each.text, each.locator) for each in found] == [
        (f"One.\n\nTwo,\nthree.\n\n{long}", "lines 1–6"),
        (long, "line 8"),
    ]
    assert items(tmp_path, "a.txt", text)[-1] == Progress(8, 8, "lines")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_text_of_any_encoding_is_understood(tmp_path: Path, encoding: str) -> None:
    text = "The café opens at nine – sharp. Déjà vu, naïve, “quoted”."
    assert [each.text for each in pieces(tmp_path, "a.txt", text.encode(encoding))] == [text]


def test_an_old_cyrillic_text_is_understood_by_its_letters(tmp_path: Path) -> None:
    text = "Музей открывается в девять часов утра. Билеты стоят десять рублей. " * 4
    (piece,) = pieces(tmp_path, "a.txt", text.encode("cp1251"))
    assert piece.text == text


def test_what_is_no_text_is_said_to_be_none(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.txt", bytes(range(32)) * 50) == "a.txt is not text."


def test_markdown_keeps_headings_code_and_lines_and_says_its_title(tmp_path: Path) -> None:
    assert about(tmp_path, "a.md", made.MARKDOWN) == About(title="The museum", author="Ann Reed")
    assert [(each.headings, each.text, each.locator) for each in pieces(tmp_path, "a.md", made.MARKDOWN)] == [
        ((), "Welcome.", "line 5"),
        (("Opening hours",), "We open at nine.\n\n```python\n# no heading\n\nx = 1\n```", "lines 9–15"),
        (("Opening hours", "Tickets"), "Ten euros.", "line 20"),
    ]


def test_a_web_page_gives_what_people_see_of_it(tmp_path: Path) -> None:
    assert about(tmp_path, "a.html", made.HTML) == About(title="The museum", author="Ann Reed", language="en")
    assert [(each.headings, each.text) for each in pieces(tmp_path, "a.html", made.HTML)] == [
        (("Opening hours",), "We open at nine sharp."),
        (("Opening hours",), "Closed on Mondays"),
        (("Opening hours",), "Who | Price"),
        (("Opening hours",), "Adults | 10 €"),
        (("Opening hours", "Getting there"), "Take tram 5."),
    ]


def test_a_web_page_is_decoded_as_it_declares(tmp_path: Path) -> None:
    page = "<html><head><meta charset='iso-8859-2'></head><body><p>Příliš žluťoučký kůň</p></body></html>"
    assert [each.text for each in pieces(tmp_path, "a.html", page.encode("iso-8859-2"))] == ["Příliš žluťoučký kůň"]


def test_a_word_document_gives_paragraphs_and_tables_under_headings(tmp_path: Path) -> None:
    said = about(tmp_path, "a.docx", made.docx_file())
    assert (said.title, said.author) == ("The museum", "Ann Reed")
    assert said.created_at == datetime(2024, 5, 3, 12, tzinfo=UTC)
    assert [(each.headings, each.text, each.locator) for each in pieces(tmp_path, "a.docx", made.docx_file())] == [
        ((), "Welcome.", None),
        (("Opening hours",), "We open at nine.", "section “Opening hours”"),
        (("Opening hours",), "Who | Price", "section “Opening hours”"),
        (("Opening hours",), "Adults | 10 €", "section “Opening hours”"),
        (("Opening hours", "Tickets"), "Ten euros.", "section “Tickets”"),
    ]


def test_a_presentation_is_read_slide_by_slide_with_its_notes(tmp_path: Path) -> None:
    assert [(each.headings, each.text, each.locator) for each in pieces(tmp_path, "a.pptx", made.pptx_file())] == [
        (("Opening hours",), "We open at nine.", "slide 1"),
        (("Tickets",), "Ten euros.\nNotes: Mention the discount.", "slide 2"),
    ]
    assert items(tmp_path, "a.pptx", made.pptx_file())[-1] == Progress(2, 2, "slides")


def test_a_workbook_is_read_row_by_row_with_the_names_of_its_columns(tmp_path: Path) -> None:
    assert [(each.text, each.locator) for each in pieces(tmp_path, "a.xlsx", made.xlsx_file())] == [
        ("Item: Hotel; Cost: 120.5; Due: 2024-05-03", "sheet Budget, row 2"),
        ("Item: Tram; Cost: 7", "sheet Budget, row 4"),
    ]
    assert items(tmp_path, "a.xlsx", made.xlsx_file())[-1] == Progress(2, 2, "sheets")


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    assert about(tmp_path, "a.epub", made.epub_file()) == About(title="The museum", author="Ann Reed")
    assert [(each.headings, each.text, each.locator) for each in pieces(tmp_path, "a.epub", made.epub_file())] == [
        (("Opening hours",), "We open at nine.", "chapter 1"),
        (("Tickets",), "Ten euros.", "chapter 2"),
    ]
    assert items(tmp_path, "a.epub", made.epub_file())[-1] == Progress(2, 2, "chapters")


def test_a_locked_book_is_said_to_be_locked_and_one_with_mangled_fonts_is_not(tmp_path: Path) -> None:
    locked = made.epub_file(encrypted="http://www.w3.org/2001/04/xmlenc#aes256-cbc")
    assert "locked by its seller" in refusal(tmp_path, "a.epub", locked)
    assert pieces(tmp_path, "a.epub", made.epub_file(encrypted="http://www.idpf.org/2008/embedding"))


def test_a_mail_says_who_wrote_when_and_what_came_with_it(tmp_path: Path) -> None:
    sent = datetime(2024, 5, 3, 14, tzinfo=timezone(timedelta(hours=2)))
    assert about(tmp_path, "a.eml", made.eml_file()) == About(created_at=sent)
    (plan,) = (item for item in items(tmp_path, "a.eml", made.eml_file()) if isinstance(item, Enclosed))
    assert (plan.name, plan.media_type, b64decode(plan.content)) == ("plan.pdf", "application/pdf", b"%PDF-1.4")
    head, body = pieces(tmp_path, "a.eml", made.eml_file())
    assert head.text.splitlines()[:2] == ["From: Ann Reed <ann@example.org>", "To: bob@example.org"]
    assert (body.text, body.said_at) == ("Dear Bob,\n\nwe open at nine – sharp.", sent)


def test_a_mail_of_html_alone_gives_its_text(tmp_path: Path) -> None:
    mail = (
        b"From: a@example.org\nSubject: Hours\nContent-Type: text/html; charset=utf-8\n\n<p>We open at <b>nine</b>.</p>"
    )
    assert [each.text for each in pieces(tmp_path, "a.eml", mail)][1:] == ["We open at nine."]


@pytest.mark.parametrize(("name", "text"), [("a.srt", made.SRT), ("a.vtt", made.VTT), ("a.ass", made.ASS)])
def test_subtitles_of_each_kind_name_their_time(tmp_path: Path, name: str, text: str) -> None:
    times = {
        "a.srt": [("Welcome to the museum.", "0:01"), ("We open at nine.", "0:42")],
        "a.vtt": [("Welcome to the museum.", "0:01"), ("Goodbye.", "1:02:03")],
        "a.ass": [("We open at nine.", "0:42")],
    }
    assert [(each.text, each.locator) for each in pieces(tmp_path, name, text)] == times[name]


def test_what_holds_no_subtitles_is_said_to_hold_none(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.srt", b"no times at all") == "a.srt holds no subtitles that I know."


def test_python_gives_functions_and_classes_with_their_lines(tmp_path: Path) -> None:
    found = [(each.headings, each.text.splitlines()[0], each.locator) for each in pieces(tmp_path, "a.py", made.PYTHON)]
    assert found == [
        ((), '"""Opening hours of the museum."""', "lines 1–5"),
        (("def is_open",), "def is_open(hour: int) -> bool:", "lines 8–10"),
        (("class Door",), "class Door:", "lines 13–16"),
        (("class Door", "def open"), "    @property", "lines 18–21"),
    ]


def test_python_of_another_age_is_read_all_the_same(tmp_path: Path) -> None:
    found = pieces(tmp_path, "a.py", 'print "hello"\n\ndef f():\n    print "x"\n')
    assert [(each.headings, each.locator) for each in found] == [((), "line 1"), (("f",), "lines 3–4")]


def test_other_languages_are_cut_where_something_begins_at_the_margin(tmp_path: Path) -> None:
    found = pieces(tmp_path, "a.rs", made.RUST)
    assert [(each.headings, each.locator) for each in found] == [
        ((), "line 1"),
        (("is_open",), "lines 3–8"),
        (("Door",), "lines 10–12"),
    ]


def test_rich_text_gives_its_words_in_every_script(tmp_path: Path) -> None:
    (piece,) = pieces(tmp_path, "a.rtf", made.RTF)
    assert piece.text == "Opening hours\n\nWe open at nine – sharp.\n\nOlá, café 😊"


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx", "a.epub"])
def test_a_file_cut_short_is_said_to_be_damaged(tmp_path: Path, name: str) -> None:
    data = made.every_kind()[name]
    assert "is damaged" in refusal(tmp_path, name, data[: len(data) // 2])


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx", "a.epub"])
def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, name: str) -> None:
    target = io.BytesIO(made.every_kind()[name])
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.xml", bytes(40 << 20))
    assert "looks like a trap" in refusal(tmp_path, name, target.getvalue())


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_cannot_be_counted_while_it_unpacks_is_refused(tmp_path: Path, compression: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made.docx_file())) as old, zipfile.ZipFile(target, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert "a.docx is packed in an unusual way" in refusal(tmp_path, "a.docx", target.getvalue())


def test_what_would_unpack_to_more_than_the_settings_allow_is_not_unpacked(tmp_path: Path) -> None:
    target = io.BytesIO(made.docx_file())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("large.bin", bytes(3 << 20))
    assert "looks like a trap" in refusal(tmp_path, "a.docx", target.getvalue(), most_megabytes=2)


@pytest.mark.parametrize("name", ["a.docx", "a.pptx"])
def test_old_and_encrypted_office_files_are_told_apart(tmp_path: Path, name: str) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    assert "before 2007" in refusal(tmp_path, name, old)
    assert "is encrypted" in refusal(tmp_path, name, old + "EncryptedPackage".encode("utf-16-le"))


def test_entities_of_a_book_are_not_blown_up(tmp_path: Path) -> None:
    target = io.BytesIO()
    bomb = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    with zipfile.ZipFile(target, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", f'<!DOCTYPE x [<!ENTITY a "lol">{bomb}]><container>&m;</container>')
    assert "is damaged" in refusal(tmp_path, "a.epub", target.getvalue())


def test_python_that_is_nested_too_deep_is_read_all_the_same(tmp_path: Path) -> None:
    (piece,) = pieces(tmp_path, "a.py", "x = " + "(" * 1000)
    assert piece.locator == "line 1"


def test_rich_text_of_a_codepage_that_nobody_knows_is_read(tmp_path: Path) -> None:
    (piece,) = pieces(tmp_path, "a.rtf", r"{\rtf1\ansicpg99999 caf\'e9}")
    assert piece.text == "café"
