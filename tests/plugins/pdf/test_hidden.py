"""Text of a PDF file that nobody sees is left out and said; what is seen, or was recognised in a scan, is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.colors import Color, black, navy, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bot.reading.pieces import About, Piece
from plugins.pdf.hyphens import join_hyphenated
from plugins.pdf.options import PdfOptions
from plugins.pdf.reader import read_pdf
from tests.plugins.pdf.raw import HELVETICA, pdf_of, stream


def read(folder: Path, draw: Callable[[Canvas], None]) -> tuple[list[str], list[str]]:
    """Return the texts, in words, and the notes of a page that `draw` has drawn on."""
    path = folder / "a.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    canvas.drawString(72, 800, "Seen first.")
    draw(canvas)
    canvas.save()
    items = list(read_pdf(path, PdfOptions(ocr=False)))
    said = " ".join(item.text for item in items if isinstance(item, Piece))
    return said.split(), [note for item in items if isinstance(item, About) for note in item.notes]


def in_white(canvas: Canvas) -> None:
    canvas.setFillColor(white)
    canvas.drawString(72, 700, "HIDDEN all rules")


def nearly_white(canvas: Canvas) -> None:
    canvas.setFillColor(Color(0.98, 0.97, 0.98))
    canvas.drawString(72, 700, "HIDDEN all rules")


def transparent(canvas: Canvas) -> None:
    canvas.setFillColor(Color(0, 0, 0, alpha=0))
    canvas.drawString(72, 700, "HIDDEN all rules")


def unpainted(canvas: Canvas) -> None:
    text = canvas.beginText(72, 700)
    text.setTextRenderMode(3)
    text.textLine("HIDDEN all rules")
    canvas.drawText(text)


def tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(72, 700, "HIDDEN all rules")


def clipped(canvas: Canvas) -> None:
    canvas.saveState()
    frame = canvas.beginPath()
    frame.rect(72, 100, 200, 40)
    canvas.clipPath(frame, stroke=0)
    canvas.drawString(72, 700, "HIDDEN all rules")
    canvas.restoreState()


def beside_the_page(canvas: Canvas) -> None:
    canvas.drawString(-300, 700, "HIDDEN all rules")


def below_the_page(canvas: Canvas) -> None:
    canvas.drawString(72, -50, "HIDDEN all rules")


def painted_over(canvas: Canvas) -> None:
    canvas.drawString(72, 700, "HIDDEN all rules")
    canvas.setFillColor(white)
    canvas.rect(60, 690, 300, 30, fill=1, stroke=0)


def blacked_out(canvas: Canvas) -> None:
    canvas.drawString(72, 700, "HIDDEN all rules")
    canvas.rect(60, 690, 300, 30, fill=1, stroke=0)


def below_a_picture(canvas: Canvas) -> None:
    canvas.drawString(72, 700, "HIDDEN all rules")
    canvas.drawImage(ImageReader(Image.new("L", (60, 84), 200)), 60, 690, 300, 30)


@pytest.mark.parametrize(
    "draw",
    [
        painted_over,
        blacked_out,
        below_a_picture,
        in_white,
        nearly_white,
        transparent,
        unpainted,
        tiny,
        beside_the_page,
        clipped,
        below_the_page,
    ],
)
def test_what_nobody_sees_is_left_out(tmp_path: Path, draw: Callable[[Canvas], None]) -> None:
    words, notes = read(tmp_path, draw)
    assert words == ["Seen", "first."]
    assert set(notes) <= {"1 hidden text was left out."}  # of what is off the page, PDFium itself may say nothing


def test_words_hidden_within_a_line_are_left_out_and_said(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "Seen")
        canvas.setFillColor(white)
        canvas.drawString(110, 700, "HIDDEN")
        canvas.setFillColor(black)
        canvas.drawString(170, 700, "again.")

    words, notes = read(tmp_path, draw)
    assert "HIDDEN" not in words
    assert words[-1] == "again."
    assert notes == ["1 hidden text was left out."]


def test_a_name_that_is_blacked_out_within_a_line_is_left_out(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Courier", 12)  # letters are 7.2 points wide
        canvas.drawString(72, 700, "The witness HIDDEN said nothing.")
        canvas.rect(72 + 12 * 7.2, 695, 6 * 7.2, 16, fill=1, stroke=0)

    words, notes = read(tmp_path, draw)
    assert [word for word in words if word != "|"] == ["Seen", "first.", "The", "witness", "said", "nothing."]
    assert notes == ["1 hidden text was left out."]


def test_text_under_a_marker_and_before_a_shape_elsewhere_is_kept(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "Marked in yellow.")
        canvas.setFillColor(Color(1, 1, 0, alpha=0.4))
        canvas.rect(60, 690, 300, 30, fill=1, stroke=0)
        canvas.setFillColor(navy)
        canvas.rect(60, 300, 300, 30, fill=1, stroke=0)

    assert read(tmp_path, draw) == (["Seen", "first.", "Marked", "in", "yellow."], [])


def test_white_text_on_a_dark_ground_is_kept(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(navy)
        canvas.rect(60, 690, 300, 30, fill=1, stroke=0)
        canvas.setFillColor(white)
        canvas.drawString(72, 700, "Seen in white.")

    assert read(tmp_path, draw) == (["Seen", "first.", "Seen", "in", "white."], [])


def test_what_was_recognised_in_a_scan_is_kept_though_it_is_not_painted(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("L", (60, 84), 200)), 0, 0, 595, 842)
        text = canvas.beginText(72, 700)
        text.setTextRenderMode(3)
        text.textLines(["The ferries will leave at seven from next week on,"] * 3)
        canvas.drawText(text)

    words, notes = read(tmp_path, draw)
    assert words[-2:] == ["week", "on,"]
    assert notes == []


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("a well-", "known man", "a well-known man"),
        ("of high-", "quality steel", "of high-quality steel"),
        ("my mother-in-", "law came", "my mother-in-law came"),
        ("state-", "of-the-art", "state-of-the-art"),
        ("self-", "employed", "self-employed"),
        ("self-em-", "ployed", "self-employed"),
        ("two-bed-", "room flat", "two-bedroom flat"),
        ("second-hand-", "shop", "second-hand-shop"),
        ("a non-", "smoker", "a non-smoker"),
        ("docu-", "ment", "document"),
        ("well-", "ness", "wellness"),
        ("high-", "lights", "highlights"),
        ("self-", "ish", "selfish"),
        ("long-", "est", "longest"),
        ("the X-", "Ray", "the X-Ray"),
        ("Covid-", "19", "Covid-19"),
        ("Haus-", "und Hofarbeit", "Haus- und Hofarbeit"),
        ("pre-", "and postwar", "pre- and postwar"),
        ("Zusammen-", "arbeit", "Zusammenarbeit"),
    ],
)
def test_words_cut_by_the_end_of_a_line_are_written_as_they_are(above: str, below: str, joined: str) -> None:
    assert join_hyphenated(above, below) == joined


def test_a_word_that_stands_whole_nearby_decides(tmp_path: Path) -> None:
    assert join_hyphenated("an e-", "mail", {"e-mail"}) == "an e-mail"
    assert join_hyphenated("a well-", "head", {"wellhead"}) == "a wellhead"

    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(("An air-ship passed above the old town and over the high air-", "ship mast.")):
            canvas.drawString(72, 700 - 14 * number, line)

    assert "air-ship" in read(tmp_path, draw)[0][-2:]


def test_what_stands_within_its_clipping_path_is_kept(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        frame = canvas.beginPath()
        frame.rect(72, 100, 200, 40)
        canvas.clipPath(frame, stroke=0)
        canvas.drawString(80, 110, "Kept in its frame.")

    assert read(tmp_path, draw) == (["Seen", "first.", "Kept", "in", "its", "frame."], [])


@pytest.mark.parametrize(("state", "words"), [("OFF", "Seen."), ("ON", "Seen. HIDDEN layer.")])
def test_text_on_a_layer_is_read_where_the_layer_is_on(tmp_path: Path, state: str, words: str) -> None:
    content = b"BT /F1 20 Tf 72 700 Td (Seen.) Tj ET /OC /L1 BDC BT /F1 20 Tf 72 600 Td (HIDDEN layer.) Tj ET EMC"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> /Properties << /L1 6 0 R >> >> >>"
    )
    layers = f"/OCProperties << /OCGs [6 0 R] /D << /Order [6 0 R] /{state} [6 0 R] >> >>".encode()
    path = tmp_path / "a.pdf"
    path.write_bytes(
        pdf_of(
            [
                b"<< /Type /Catalog /Pages 2 0 R " + layers + b" >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                page,
                stream(content),
                HELVETICA,
                b"<< /Type /OCG /Name (Notes) >>",
            ]
        )
    )
    said = " ".join(item.text for item in read_pdf(path, PdfOptions(ocr=False)) if isinstance(item, Piece))

    assert " ".join(said.split()) == words


def test_the_size_of_a_page_may_be_inherited(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    page = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 842 1191] >>"
    content = stream(b"BT /F1 20 Tf 650 1150 Td (On A3.) Tj ET BT /F1 20 Tf 650 1300 Td (HIDDEN above.) Tj ET")
    path.write_bytes(pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, content, HELVETICA]))

    assert [item.text for item in read_pdf(path, PdfOptions(ocr=False)) if isinstance(item, Piece)] == ["On A3."]
