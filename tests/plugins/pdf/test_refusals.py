from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from bot.reading import ChildLimits, FileUnreadable, PasswordNeeded, Piece, in_child
from plugins.pdf.options import PdfOptions
from plugins.pdf.reader import read_pdf
from tests.plugins.pdf import documents
from tests.plugins.pdf.conftest import Reads
from tests.plugins.pdf.raw import CATALOGUE, HELVETICA, one_page, page_of, pdf_of, saying, stream


def test_an_empty_file_is_refused_with_its_name(tmp_path: Path, read: Reads) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    with pytest.raises(FileUnreadable, match=r"^empty\.pdf is empty\.$"):
        read(tmp_path / "empty.pdf")


def test_what_is_no_pdf_is_refused_with_its_name(tmp_path: Path, read: Reads) -> None:
    (tmp_path / "song.pdf").write_bytes(b"ID3\x04" + bytes(4000))
    with pytest.raises(FileUnreadable, match=r"^song\.pdf is not a PDF file, whatever its name says\.$"):
        read(tmp_path / "song.pdf")


def test_a_file_that_only_begins_like_a_pdf_is_refused(tmp_path: Path, read: Reads) -> None:
    (tmp_path / "start.pdf").write_bytes(b"%PDF-1.7\nand nothing more")
    with pytest.raises(
        FileUnreadable, match=r"^start\.pdf can't be read: it is damaged, incomplete, or has no pages\.$"
    ):
        read(tmp_path / "start.pdf")


def test_a_file_without_pages_is_refused(tmp_path: Path, read: Reads) -> None:
    (tmp_path / "none.pdf").write_bytes(pdf_of([CATALOGUE, b"<< /Type /Pages /Kids [] /Count 0 >>"]))
    with pytest.raises(
        FileUnreadable, match=r"^none\.pdf can't be read: it is damaged, incomplete, or has no pages\.$"
    ):
        read(tmp_path / "none.pdf")


def test_a_file_without_text_is_refused(tmp_path: Path, read: Reads) -> None:
    (tmp_path / "blank.pdf").write_bytes(one_page(stream(b"")))
    with pytest.raises(FileUnreadable, match=r"blank\.pdf holds no text\."):
        read(tmp_path / "blank.pdf")


def test_of_a_file_that_is_cut_off_what_is_there_is_read(tmp_path: Path, read: Reads) -> None:
    documents.many_pages(tmp_path / "whole.pdf", 8)
    whole = (tmp_path / "whole.pdf").read_bytes()
    (tmp_path / "half.pdf").write_bytes(whole[: len(whole) * 3 // 4])
    try:
        found = read(tmp_path / "half.pdf")
    except FileUnreadable as error:
        assert "half.pdf" in str(error)  # noqa: PT017 (which of the two it is depends on where the pages' index stands)
    else:
        assert "The file is cut off; what is there of it was read." in found.notes


def test_a_file_with_a_wrong_index_is_read_all_the_same(tmp_path: Path, read: Reads) -> None:
    whole = one_page(saying(b"The index is wrong"))
    (tmp_path / "index.pdf").write_bytes(whole.replace(b"0000000", b"0000999"))
    assert read(tmp_path / "index.pdf").text == "The index is wrong"


def test_a_damaged_page_is_named_and_the_others_are_read(tmp_path: Path, read: Reads) -> None:
    page = page_of(content=5, font=6)
    font = HELVETICA
    kids = b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>"
    path = tmp_path / "torn.pdf"
    path.write_bytes(pdf_of([CATALOGUE, kids, page, b"(no page at all)", saying(b"Page one"), font]))
    found = read(path)
    assert found.text == "Page one"
    assert found.notes == ("Page 2 was damaged and not read.",)


@pytest.mark.parametrize("strength", [40, 128])
def test_an_encrypted_file_asks_for_its_password_and_opens_with_it(tmp_path: Path, read: Reads, strength: int) -> None:
    path = tmp_path / "safe.pdf"
    documents.encrypted(path, "sesame", strength=strength)
    with pytest.raises(PasswordNeeded, match=r"^safe\.pdf is encrypted: I need its password\.$"):
        read(path)
    with pytest.raises(PasswordNeeded, match=r"^That is not the password of safe\.pdf\.$"):
        read(path, password="guess")  # noqa: S106 (a wrong guess)
    assert read(path, password="sesame").text == "The safe is behind the painting of the harbour."  # noqa: S106


def test_the_owner_s_password_opens_a_file_too(tmp_path: Path, read: Reads) -> None:
    documents.encrypted(tmp_path / "safe.pdf", "sesame", owner="masterkey")
    assert "painting" in read(tmp_path / "safe.pdf", password="masterkey").text  # noqa: S106 (made up)


def test_a_file_that_is_only_locked_against_changes_is_read_without_a_password(tmp_path: Path, read: Reads) -> None:
    documents.encrypted(tmp_path / "locked.pdf", "")
    assert "painting" in read(tmp_path / "locked.pdf").text


def test_pages_that_are_pictures_are_named_and_how_to_have_them_read(tmp_path: Path, read: Reads) -> None:
    picture = ["Nobody reads this"]
    documents.scanned(tmp_path / "mixed.pdf", ["First page.", picture, picture, "Fourth page.", picture])
    found = read(tmp_path / "mixed.pdf")
    assert [piece.locator for piece in found.pieces] == ["p. 1", "p. 4"]
    assert found.notes == ("Pages 2–3 and 5 are pictures and were not read.",)


def test_a_scanned_page_with_a_number_on_it_is_a_picture_all_the_same(tmp_path: Path, read: Reads) -> None:
    documents.scanned(tmp_path / "stamped.pdf", ["First page.", ["Nobody reads this"]], stamp="Sheet 2")
    found = read(tmp_path / "stamped.pdf")
    assert [piece.text for piece in found.pieces] == ["First page.", "Sheet 2"]
    assert found.notes == ("Page 2 is a picture and was not read.",)


def test_a_file_of_nothing_but_pictures_is_refused(tmp_path: Path, read: Reads) -> None:
    documents.scanned(tmp_path / "scan.pdf", [["Nobody reads this"]])
    with pytest.raises(FileUnreadable, match=r"^scan\.pdf can't be read: its pages are pictures\."):
        read(tmp_path / "scan.pdf")


async def test_a_bomb_of_compressed_text_ends_in_a_sentence_and_not_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    inner = zlib.compress(bytes(600 << 20), 9)
    path.write_bytes(one_page(stream(zlib.compress(inner, 9), b"/Filter [/FlateDecode /FlateDecode]")))
    limits = ChildLimits(memory_mb=300, cpu_seconds=20, silent_seconds=60)
    with pytest.raises(FileUnreadable, match=r"bomb\.pdf"):
        [item async for item in in_child(read_pdf, path, PdfOptions(), limits)]


def mirror(content: bytes) -> bytes:
    """Return a file whose page draws a form that draws itself."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    whole = one_page(stream(b"/X Do BT /F1 12 Tf 60 700 Td (After the mirror) Tj ET"), stream(content, entries))
    return whole.replace(b"/F1 5 0 R >> >>", b"/F1 5 0 R >> /XObject << /X 6 0 R >> >>")


async def test_a_form_that_draws_itself_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "mirror.pdf"
    path.write_bytes(mirror(b"/X Do"))
    items = [item async for item in in_child(read_pdf, path, PdfOptions(), ChildLimits(cpu_seconds=20))]
    assert [item.text for item in items if isinstance(item, Piece)] == ["After the mirror"]


async def test_forms_that_multiply_without_end_end_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "mirror.pdf"
    path.write_bytes(mirror(b"/X Do /X Do"))
    with pytest.raises(FileUnreadable, match=r"mirror\.pdf"):
        [item async for item in in_child(read_pdf, path, PdfOptions(), ChildLimits(memory_mb=300, cpu_seconds=20))]


async def test_bookmarks_that_follow_each_other_in_a_circle_end(tmp_path: Path) -> None:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page_of(content=4, font=5),
        saying(b"Round and round"),
        HELVETICA,
        b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 2 >>",
        b"<< /Title (One) /Parent 6 0 R /Dest [3 0 R /Fit] /Next 8 0 R /First 7 0 R >>",
        b"<< /Title (Two) /Parent 6 0 R /Dest [3 0 R /Fit] /Next 7 0 R >>",
    ]
    path = tmp_path / "circle.pdf"
    path.write_bytes(pdf_of(objects))
    items = [item async for item in in_child(read_pdf, path, PdfOptions(), ChildLimits(cpu_seconds=20))]
    assert "Round and round" in [item.text for item in items if isinstance(item, Piece)]
