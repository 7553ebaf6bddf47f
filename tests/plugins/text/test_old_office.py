"""Word, PowerPoint and Excel files from before 2007 are read as they show themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FileUnreadable
from bot.reading import ReadItem
from bot.reading.pieces import About
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.oldoffice.workbook import read_look
from tests.plugins.text import old_office_files as made
from tests.plugins.text.reading import items, pieces, refusal

BODY = (
    "Opening hours\rWe open at nine.\x13 PAGEREF \x143\x15\rAdults\x07ten euros\x07\x07Kids\x07free\x07\x07The end.\r"
)


def notes(folder: Path, name: str, data: bytes) -> tuple[str, ...]:
    return tuple(note for item in items(folder, name, data) if isinstance(item, About) for note in item.notes)


def test_an_old_word_document_gives_paragraphs_tables_and_footnotes(tmp_path: Path) -> None:
    found = pieces(tmp_path, "a.doc", made.word(BODY, footnotes="By law.\r"))
    assert [(piece.text, piece.locator) for piece in found] == [
        ("Opening hours", None),
        ("We open at nine.3", None),
        ("Adults | ten euros", None),
        ("Kids | free", None),
        ("The end.", None),
        ("By law.", "footnotes"),
    ]


def test_hidden_letters_of_an_old_document_are_left_out_and_said(tmp_path: Path) -> None:
    data = made.word("Seen. HIDDEN all rules. Seen.\r", hidden=(6, 23))
    assert [piece.text for piece in pieces(tmp_path, "a.doc", data)] == ["Seen.  Seen."]
    assert notes(tmp_path, "a.doc", data) == ("1 hidden or deleted text was left out.",)


def test_an_old_presentation_is_read_slide_by_slide_with_its_notes(tmp_path: Path) -> None:
    data = made.powerpoint(("Hours", "We open at nine.", "Slowly.", False), ("Secret", "HIDDEN", "", True))
    assert [(piece.headings, piece.text, piece.locator) for piece in pieces(tmp_path, "a.ppt", data)] == [
        (("Hours",), "We open at nine.\nNotes: Slowly.", "slide 1")
    ]
    assert notes(tmp_path, "a.ppt", data) == ("1 hidden slide was left out.",)


def test_what_is_encrypted_or_holds_nothing_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert "encrypted" in refusal(tmp_path, "a.doc", made.word(BODY, encrypted=True))
    assert "encrypted" in refusal(tmp_path, "a.docx", made.ole(EncryptedPackage=b"x"))
    assert "neither a document nor a presentation" in refusal(tmp_path, "a.doc", made.ole(Other=b"x"))


def test_pages_and_texts_that_are_called_documents_are_read_as_what_they_are(tmp_path: Path) -> None:
    assert [piece.text for piece in pieces(tmp_path, "a.doc", b"<html><body><p>Seen.</p></body></html>")] == ["Seen."]
    assert [piece.text for piece in pieces(tmp_path, "b.doc", b"Seen.\n")] == ["Seen."]


SHEET_OF_2003 = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Prices"><Table>'
    '<Row><Cell><Data ss:Type="String">Who</Data></Cell><Cell ss:Index="3"><Data>Price</Data></Cell></Row>'
    '<Row ss:Hidden="1"><Cell><Data>Zoe</Data></Cell></Row>'
    '<Row ss:Index="9"><Cell><Data>Ana</Data></Cell><Cell ss:Index="3"><Data>10</Data></Cell></Row>'
    "</Table></Worksheet></Workbook>"
)
LETTER_OF_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
    '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>'
    "<w:p><w:r><w:t>At </w:t></w:r><w:r><w:t>nine.</w:t></w:r></w:p></w:body></w:wordDocument>"
)
PACKED = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>At nine.</p>"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.doc", PACKED, ["At nine."]),
        ("a.doc", LETTER_OF_2003, ["At nine."]),
        ("a.xls", "<table><tr><td>Who</td><td>Price</td></tr><tr><td>Ana</td><td>10</td></tr></table>",
         ["Who | Price", "Ana | 10"]),
        ("a.xls", SHEET_OF_2003, ["Who: Ana; Price: 10"]),
        ("a.xls", "Who\tPrice\nAna\t10\n", ["Who: Ana; Price: 10"]),
        ("a.xls", "Who;Price\r\nAna;10\r\n", ["Who: Ana; Price: 10"]),
        ("a.xls", "Who\tPrice\nÁna\t10\n".encode("utf-16"), ["Who: Ána; Price: 10"]),
    ],
)  # fmt: skip
def test_what_programs_call_doc_or_xls_is_read_as_what_it_is(
    tmp_path: Path, name: str, data: bytes | str, said: list[str]
) -> None:
    assert [piece.text for piece in pieces(tmp_path, name, data)] == said


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.docx", made.word("At nine.\r"), "At nine."),
        ("a.xlsx", made.workbook({(0, 0): (7, "0")}), "7"),
        ("a.pptx", made.powerpoint(("Title", "At nine.", "", False)), "At nine."),
    ],
)
def test_old_files_with_new_names_are_read(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    assert said in "\n".join(piece.text for piece in pieces(tmp_path, name, data))


@pytest.mark.parametrize("data", ["<?xml version='1.0'?><Workbook", '<?xml version="1.0"?><word', "\t\t\n", ""])
@pytest.mark.parametrize("name", ["a.doc", "a.xls"])
def test_damaged_texts_with_those_names_are_refused_or_empty(tmp_path: Path, name: str, data: str) -> None:
    told = refused(tmp_path, name, data.encode())
    assert told is None or told.startswith(name)


@given(st.sampled_from([made.word(BODY, (2, 9)), made.powerpoint(("a", "b", "c", False))]), st.data())
def test_a_damaged_old_file_is_read_or_refused(data: bytes, draw: st.DataObject) -> None:
    for _ in range(draw.draw(st.integers(1, 5))):
        at = draw.draw(st.integers(0, len(data) - 1))
        data = data[:at] + draw.draw(st.binary(min_size=1, max_size=4)) + data[at + 4 :]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.doc", "a.ppt"):
            told = refused(Path(folder), name, data)
            assert told is None or (told.startswith(name) and "\n" not in told)


def refused(folder: Path, name: str, data: bytes) -> str | None:
    try:
        items(folder, name, data)
    except FileUnreadable as error:
        return str(error)
    return None


def test_an_old_workbook_is_read_as_excel_shows_it(tmp_path: Path) -> None:
    cells = {
        (0, 0): (0.075, "0.0%"), (0, 1): (1234.5, '"$"#,##0.00'), (0, 2): (7, "0"), (1, 0): (9, "0.00"),
        (2, 0): (3, "General"), (2, 1): (-5, "0;(0)"),
    }  # fmt: skip
    data = made.workbook(cells, hidden_rows=(1,), hidden_columns=(2,))

    assert [piece.text for piece in pieces(tmp_path, "a.xls", data)] == ["7.5%; $1,234.50", "3; (5)"]
    assert notes(tmp_path, "a.xls", data) == ("1 hidden column and 1 hidden row were left out.",)


@given(st.data())
def test_how_a_damaged_workbook_shows_its_cells_is_read_as_far_as_it_goes(draw: st.DataObject) -> None:
    stream = bytearray(made.workbook_stream({(0, 0): (0.5, "0%"), (1, 1): (2, "General")}, (1,), (1,)))
    for at in draw.draw(st.lists(st.integers(8, len(stream) - 1), max_size=20)):
        stream[at] = draw.draw(st.integers(0, 255))
    look = read_look(bytes(stream[: draw.draw(st.integers(0, len(stream)))]))

    assert all(look.code_of(sheet, row, column) for sheet in look.sheets.values() for row, column in sheet.styles)


def test_a_library_that_panics_means_a_damaged_file(tmp_path: Path) -> None:
    class Panic(BaseException):
        pass

    @raise_only_unreadable("a workbook")
    def read(path: Path, options: None) -> Iterator[ReadItem]:
        yield About()
        raise Panic(path, options)

    with pytest.raises(FileUnreadable, match=r"a\.xls is damaged"):
        list(read(tmp_path / "a.xls", None))
