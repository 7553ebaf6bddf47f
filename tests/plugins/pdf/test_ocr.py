from __future__ import annotations

from pathlib import Path

import pytest

from bot.reading import Piece, in_child
from plugins.pdf.options import PdfOptions
from plugins.pdf.plugin import PdfSettings
from plugins.pdf.reader import read_pdf
from tests.plugins.pdf import documents
from tests.plugins.pdf.conftest import Reads

pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")


async def test_pictures_of_text_are_read_offline_and_within_the_limits(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    documents.scanned(path, ["First page.", ["The ferry leaves at seven", "Bring two lanterns"]])
    items = [item async for item in in_child(read_pdf, path, PdfOptions(), PdfSettings().limits(1 << 20))]
    pieces = [item for item in items if isinstance(item, Piece)]
    assert [piece.locator for piece in pieces] == ["p. 1", "p. 2"]
    assert "ferry leaves at seven" in pieces[1].text
    assert "two lanterns" in pieces[1].text


def test_no_more_pictures_are_read_than_wanted_and_it_is_said(tmp_path: Path, read: Reads) -> None:
    path = tmp_path / "scan.pdf"
    documents.scanned(path, [["The first of two lanterns"], ["The second of two lanterns"]])
    found = read(path, ocr=True, most_ocr_pages=1)
    assert [piece.locator for piece in found.pieces] == ["p. 1"]
    too_many = "There are more of them than I read from pictures in one file."
    assert found.notes == (f"Page 2 is a picture and was not read. {too_many}",)
