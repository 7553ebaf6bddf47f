from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2 as pdf
import pytest

from bot.reading import FileUnreadable
from plugins.pdf.metadata import moment
from tests.plugins.pdf import documents
from tests.plugins.pdf.conftest import Reads
from tests.plugins.pdf.raw import HELVETICA, deflated, one_page, page_of, pdf_of, saying, stream, to_unicode


def test_each_page_is_a_piece_that_names_it(tmp_path: Path, read: Reads) -> None:
    documents.many_pages(tmp_path / "ledger.pdf", 12)
    found = read(tmp_path / "ledger.pdf")
    assert [piece.locator for piece in found.pieces] == [f"p. {number}" for number in range(1, 13)]
    assert "This is sheet 7 of the ledger." in found.pieces[6].text
    assert [each.done for each in found.progress] == [10, 12]
    assert {(each.total, each.unit) for each in found.progress} == {(12, "pages")}


def test_columns_are_read_one_after_the_other(tmp_path: Path, read: Reads) -> None:
    documents.two_columns(tmp_path / "paper.pdf", pages=1)
    expected = [documents.sentences(7, 100 + side * 5 + part) for side in range(2) for part in range(3)]
    assert " ".join(read(tmp_path / "paper.pdf").pieces[0].text.split()) == " ".join(expected)


def test_columns_that_were_drawn_row_by_row_are_read_one_after_the_other(tmp_path: Path, read: Reads) -> None:
    documents.three_columns(tmp_path / "news.pdf")
    said = read(tmp_path / "news.pdf").text.split()
    assert said == [word for side in range(3) for word in documents.words(400, 300 + side).split()[:250]]


def test_a_row_of_a_table_is_a_line_with_its_cells_apart(tmp_path: Path, read: Reads) -> None:
    documents.table(tmp_path / "cities.pdf")
    lines = read(tmp_path / "cities.pdf").text.splitlines()
    assert [line for line in lines if " | " in line] == [" | ".join(row) for row in documents.TABLE]


def test_an_empty_cell_keeps_its_place_in_the_row(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "gaps.pdf")
    for number, row in enumerate([("Ship", "Master", "Crew"), ("Gull", "", "4"), ("", "Ada", "5"), ("Tern", "Bo", "")]):
        for column, cell in enumerate(row):
            page.drawString(60 + column * 120, 700 - number * 15, cell)
    page.save()
    assert read(tmp_path / "gaps.pdf").text.splitlines() == [
        "Ship | Master | Crew",
        "Gull |  | 4",
        " | Ada | 5",
        "Tern | Bo",
    ]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_like_any_other(tmp_path: Path, read: Reads, turn: int) -> None:
    documents.turned(tmp_path / "turned.pdf", [turn])
    assert read(tmp_path / "turned.pdf").text.split() == documents.sentences(12, 600 + turn).split()


def test_text_that_runs_upwards_is_read_in_its_own_order(tmp_path: Path, read: Reads) -> None:
    documents.sideways(tmp_path / "sideways.pdf")
    assert read(tmp_path / "sideways.pdf").text.split() == documents.sentences(12, 650).split()


def test_words_divided_at_the_end_of_a_line_are_put_together(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "divided.pdf")
    for number, line in enumerate(
        ["The light-", "house was built by Mary-", "Ann in the year of the long win-", "ter."]
    ):
        page.drawString(60, 700 - number * 13, line)
    page.save()
    assert read(tmp_path / "divided.pdf").text == "The lighthouse was built by Mary-Ann in the year of the long winter."


def test_ligatures_are_written_out_and_accents_kept(tmp_path: Path, read: Reads) -> None:
    documents.embedded_font(tmp_path / "vera.pdf", pages=1)
    assert read(tmp_path / "vera.pdf").text.startswith(
        "The first office floor was efficient. Übergröße, naïve café, œuvre."
    )


def test_chinese_japanese_and_korean_are_read_without_their_fonts(tmp_path: Path, read: Reads) -> None:
    documents.asian(tmp_path / "asian.pdf")
    said = [piece.text for piece in read(tmp_path / "asian.pdf").pieces]
    assert said[0] == "".join(documents.ASIAN["HeiseiMin-W3"])
    assert said[1] == "".join(documents.ASIAN["STSong-Light"])
    assert said[2].split() == " ".join(documents.ASIAN["HYSMyeongJo-Medium"]).split()


def test_right_to_left_text_is_read_in_the_order_it_is_spoken(tmp_path: Path, read: Reads) -> None:
    spoken = "שלום עולם"
    shown = spoken[::-1]  # on the page the first letter stands rightmost
    codes = {ord("a") + n: letter for n, letter in enumerate(dict.fromkeys(shown.replace(" ", "")))}
    letters = {letter: code for code, letter in codes.items()} | {" ": ord(" ")}
    content = saying(bytes(letters[letter] for letter in shown))
    path = tmp_path / "hebrew.pdf"
    path.write_bytes(one_page(content, to_unicode({**codes, ord(" "): " "}), font=b"/ToUnicode 6 0 R"))
    assert read(path).text == spoken


def test_what_stands_on_every_page_is_said_once(tmp_path: Path, read: Reads) -> None:
    documents.with_running_titles(tmp_path / "report.pdf")
    found = read(tmp_path / "report.pdf")
    assert found.text.count("Harbour authority: yearly report") == 1
    assert "Page 3 of 8" not in found.text
    kept = read(tmp_path / "report.pdf", repeated_lines=True)
    assert kept.text.count("Harbour authority: yearly report") == 8
    assert "Page 3 of 8" in kept.text


def test_headings_are_known_by_the_size_of_their_letters(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "sizes.pdf")
    y = 780.0
    for size, font, text in [
        (20, "Helvetica", "The harbour"),
        (14, "Helvetica", "Its history"),
        (10, "Helvetica", documents.sentences(5, 1)),
        (14, "Helvetica", "Its ships"),
        (10, "Helvetica-Bold", "Ferries"),
        (10, "Helvetica", documents.sentences(5, 2)),
    ]:
        y = documents.column(page, text, 60, y, 450, size, font) - size
    page.save()
    found = read(tmp_path / "sizes.pdf")
    assert [piece.headings for piece in found.pieces] == [
        ("The harbour", "Its history"),
        ("The harbour", "Its ships", "Ferries"),
    ]
    assert found.pieces[1].text.split() == documents.sentences(5, 2).split()


def test_a_heading_goes_on_over_pages_and_one_without_text_is_not_lost(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "slides.pdf")
    for title in ("Welcome", "Our plan", "Thanks"):
        page.setFont("Helvetica", 40)
        page.drawString(60, 500, title)
        page.setFont("Helvetica", 12)
        if title == "Our plan":
            documents.column(page, documents.sentences(6, 3), 60, 400, 450, 12)
            page.showPage()
            documents.column(page, documents.sentences(6, 4), 60, 400, 450, 12)
        page.showPage()
    page.save()
    found = read(tmp_path / "slides.pdf")
    assert [(piece.locator, piece.headings) for piece in found.pieces] == [
        ("p. 1", ()), ("p. 2", ("Our plan",)), ("p. 3", ("Our plan",)), ("p. 4", ())
    ]  # fmt: skip
    assert [found.pieces[0].text, found.pieces[3].text] == ["Welcome", "Thanks"]


def test_bookmarks_tell_the_headings(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "marks.pdf")
    for number, (level, title) in enumerate([(0, "Sailing"), (1, "Knots"), (0, "Rowing")]):
        page.bookmarkPage(title)
        page.addOutlineEntry(title, title, level)
        y = documents.column(page, title, 60, 760, 450) if title != "Knots" else 760
        documents.column(page, documents.sentences(3, number), 60, y, 450)
        page.showPage()
    page.save()
    found = read(tmp_path / "marks.pdf")
    assert [piece.headings for piece in found.pieces] == [("Sailing",), ("Sailing", "Knots"), ("Rowing",)]
    assert found.pieces[0].text.split() == documents.sentences(3, 0).split()


def test_pages_are_cited_by_their_labels(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "book.pdf")
    page.addPageLabel(0, style="ROMAN_LOWER", start=1)
    page.addPageLabel(2, style="ARABIC", start=1)
    for number in range(4):
        documents.column(page, documents.sentences(3, number), 60, 760, 450)
        page.showPage()
    page.save()
    assert [piece.locator for piece in read(tmp_path / "book.pdf").pieces] == ["p. i", "p. ii", "p. 1", "p. 2"]


def test_title_author_and_date_are_told(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "told.pdf")
    page.setTitle("The harbour\n report")
    page.setAuthor("Ada Smith")
    page.drawString(60, 700, "Text.")
    page.save()
    about = read(tmp_path / "told.pdf").about
    assert (about.title, about.author) == ("The harbour report", "Ada Smith")
    assert about.created_at is not None


def test_titles_that_programs_make_up_are_not_told(tmp_path: Path, read: Reads) -> None:
    documents.written(tmp_path / "untold.pdf", "Text.")
    about = read(tmp_path / "untold.pdf").about
    assert (about.title, about.author) == (None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("D:20240131120000+01'00'", datetime(2024, 1, 31, 11, tzinfo=UTC)),
        ("D:20240131120000-0530", datetime(2024, 1, 31, 17, 30, tzinfo=UTC)),
        ("D:20240131120000Z", datetime(2024, 1, 31, 12, tzinfo=UTC)),
        ("D:2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-31T12:00:00Z", datetime(2024, 1, 31, 12, tzinfo=UTC)),
        ("D:20241399", None),
        ("D:20240131120000+99'99'", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_every_precision_are_understood(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected
    assert expected is None or moment(text) - expected == timedelta(0)  # type: ignore[operator]  # it is not None


def test_links_keep_their_addresses(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "links.pdf")
    page.setFont("Helvetica", 10)
    page.drawString(60, 700, "See the timetable for all ferries.")
    page.linkURL("https://harbour.example/ferries", (95, 697, 135, 710))
    page.drawString(60, 680, "https://harbour.example/plain")
    page.linkURL("https://harbour.example/plain", (60, 677, 250, 690))
    page.drawString(60, 660, "Write to master@harbour.example")
    page.linkURL("mailto:master@harbour.example", (60, 657, 250, 670))
    page.linkURL("javascript:alert(1)", (60, 697, 77, 710))
    page.save()
    said = read(tmp_path / "links.pdf").text
    assert "See the timetable (https://harbour.example/ferries) for all ferries." in said
    assert said.count("https://harbour.example/plain") == 1
    assert "mailto:" not in said
    assert "javascript" not in said


def test_notes_and_filled_in_fields_are_read(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "form.pdf")
    page.drawString(60, 760, "Application for a berth")
    page.acroForm.textfield(name="ship", tooltip="Name of the ship", value="Seagull", x=60, y=700, width=200, height=20)
    page.acroForm.textfield(name="empty", value="", x=60, y=650, width=200, height=20)
    page.acroForm.checkbox(name="insured", tooltip="Insured", checked=True, x=60, y=600)
    page.acroForm.radio(name="size", tooltip="Size", value="small", x=60, y=550)
    page.acroForm.radio(name="size", tooltip="Size", value="large", selected=True, x=90, y=550)
    page.acroForm.textfield(name="key", value="HIDDEN", x=60, y=500, fieldFlags="password")
    page.acroForm.textfield(name="unseen", value="HIDDEN", x=60, y=450, annotationFlags="hidden")
    page.textAnnotation("Ask the harbour master first.", (300, 600, 320, 620))
    page.save()
    lines = read(tmp_path / "form.pdf").text.splitlines()
    assert lines[0] == "Application for a berth"
    assert {"Name of the ship: Seagull", "Insured: yes", "Size: large", "Note: Ask the harbour master first."} <= set(
        lines
    )
    assert not any(line.startswith("empty") or "HIDDEN" in line for line in lines)


def test_attached_files_are_named(tmp_path: Path, read: Reads) -> None:
    documents.written(tmp_path / "plain.pdf", "See the attachment.")
    with pdf.PdfDocument(tmp_path / "plain.pdf") as document:
        document.new_attachment("ferries.csv").set_data(b"a,b")
        document.save(tmp_path / "attached.pdf")
    assert read(tmp_path / "attached.pdf").notes == ("Files attached inside it were not read: ferries.csv.",)


def test_pages_link_to_where_the_file_is_on_the_web(tmp_path: Path, read: Reads) -> None:
    documents.prose(tmp_path / "web.pdf", pages=2)
    found = read(tmp_path / "web.pdf", address="https://harbour.example/web.pdf")
    assert [piece.link for piece in found.pieces] == [f"https://harbour.example/web.pdf#page={n}" for n in (1, 2)]


def test_only_so_many_pages_are_read_and_it_is_said(tmp_path: Path, read: Reads) -> None:
    documents.many_pages(tmp_path / "long.pdf", 9)
    found = read(tmp_path / "long.pdf", most_pages=4)
    assert [piece.locator for piece in found.pieces] == ["p. 1", "p. 2", "p. 3", "p. 4"]
    assert found.notes == ("Only the first 4 of its 9 pages were read.",)


def test_letters_outside_the_basic_plane_do_not_shift_those_behind_them(tmp_path: Path, read: Reads) -> None:
    path = tmp_path / "emoji.pdf"
    content = stream(b"BT /F1 12 Tf 60 700 Td (a and b) Tj 300 0 Td (far away) Tj ET")
    path.write_bytes(one_page(content, to_unicode({ord("a"): "🦜"}), font=b"/ToUnicode 6 0 R"))
    assert "🦜" in read(path).text
    assert " | " in read(path).text


def test_text_in_a_font_that_does_not_say_what_it_means_counts_as_a_picture(tmp_path: Path, read: Reads) -> None:
    path = tmp_path / "shapes.pdf"
    shapes = to_unicode({code: chr(0xE000 + code) for code in range(32, 127)})
    path.write_bytes(one_page(saying(b"Nobody knows"), shapes, font=b"/ToUnicode 6 0 R"))
    with pytest.raises(FileUnreadable, match="its pages are pictures"):
        read(path)


def test_an_enormous_page_is_read_like_any_other(tmp_path: Path, read: Reads) -> None:
    path = tmp_path / "poster.pdf"
    path.write_bytes(one_page(saying(b"A very large poster"), box=b"0 0 99999999 99999999"))
    assert read(path).text == "A very large poster"


def test_a_page_with_more_text_than_any_real_one_is_cut(tmp_path: Path, read: Reads) -> None:
    path = tmp_path / "flood.pdf"
    path.write_bytes(
        one_page(
            deflated(b"BT /F1 6 Tf 7 TL 60 800 Td " + b"(flood flood flood flood flood flood) Tj T* " * 100 + b"ET")
        )
    )
    found = read(path, most_letters_per_page=1000)
    assert len(found.text) < 1500
    assert found.notes == ("Page 1 was read in part: so much text is on no real page.",)


def test_a_file_whose_pages_hold_each_other_is_read_once(tmp_path: Path, read: Reads) -> None:
    path = tmp_path / "loop.pdf"
    page = page_of(content=4, font=5)
    font = HELVETICA
    kids = b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"
    path.write_bytes(pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", kids, page, saying(b"Round and round"), font]))
    assert read(path).pieces[0].text == "Round and round"


def test_the_figures_of_a_table_that_fills_many_pages_are_no_page_numbers(tmp_path: Path, read: Reads) -> None:
    page = documents.canvas(tmp_path / "figures.pdf")
    figures = [[str(1000 + (n * 7919 + line * 31) % 9000) for line in range(40)] for n in range(6)]
    for column in figures:
        for number, figure in enumerate(column):
            page.drawString(60, 780 - number * 15, figure)
        page.showPage()
    page.save()
    assert read(tmp_path / "figures.pdf").text.split() == [figure for column in figures for figure in column]


@pytest.mark.parametrize(
    "place", [b"1e38 0 0 1e38 0 0", b"1 0 0 1 1e38 1e38", b"0 0 0 0 60 700", b"1e-30 0 0 1e-30 60 700"]
)
def test_letters_of_no_size_or_at_no_place_do_no_harm(tmp_path: Path, read: Reads, place: bytes) -> None:
    path = tmp_path / "far.pdf"
    lost = b"BT /F1 12 Tf %s Tm (lost in space) Tj ET " % place
    path.write_bytes(one_page(stream(lost + b"BT /F1 12 Tf 60 600 Td (Still here) Tj ET")))
    assert "Still here" in read(path).text


@pytest.mark.parametrize("leading", [11, 13, 18, 22])
def test_paragraphs_are_told_by_the_white_between_them(tmp_path: Path, read: Reads, leading: int) -> None:
    page = documents.canvas(tmp_path / "airy.pdf")
    page.setFont("Helvetica", 10)
    y = 800.0
    for part in range(3):
        for line in range(6):
            page.drawString(60, y, f"{documents.words(9, part * 10 + line)} and on and on and on it goes"[:70])
            y -= leading
        y -= leading * 0.6
    page.save()
    assert read(tmp_path / "airy.pdf").text.count("\n\n") == 2
