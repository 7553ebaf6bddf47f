"""Workbooks are read as Excel shows them, and what is left out is said."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.pieces import About
from plugins.text.excel.formats import BUILT_IN, write_text, write_value
from tests.plugins.text.reading import items, pieces


def saved(make: Callable[[Any], None]) -> bytes:
    """Return a workbook that `make` has put its sheets into."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        make(book)
    return target.getvalue()


def rows(folder: Path, make: Callable[[Any], None]) -> list[str]:
    return [piece.text for piece in pieces(folder, "a.xlsx", saved(make))]


def notes(folder: Path, make: Callable[[Any], None]) -> tuple[str, ...]:
    found = items(folder, "a.xlsx", saved(make))
    return tuple(note for item in found if isinstance(item, About) for note in item.notes)


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.075, "0.0%", "7.5%"),
        (0.475, "0%", "48%"),
        (0.25, "0.00%", "25.00%"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (-20, '"$"#,##0.00', "-$20.00"),
        (1234.5, "#,##0.00 [$€-407]", "1,234.50 €"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (-5, "0.00_);[Red](0.00)", "(5.00)"),
        (0, '0;-0;"none"', "none"),
        (1_234_567, '0.0,,"M"', "1.2M"),
        (12_345, '#,##0 "km"', "12,345 km"),
        (5, "000", "005"),
        (0.5, "# ?/?", "1/2"),
        (1.25, "# ?/?", "1 1/4"),
        (12_345.678, "0.00E+00", "1.23E+04"),
        (123_456_789, "000-00-0000", "123-45-6789"),
        (5_551_234_567, "(000) 000-0000", "(555) 123-4567"),
        (150, '[>100]"big";"small"', "big"),
        (50, '[>100]"big";"small"', "small"),
        (1.005, "0.00", "1.01"),
        (12.5, "0.0#", "12.5"),
        (5, ";;;", ""),
        (1 / 3, "General", "0.333333333"),
        (0.1 + 0.2, "General", "0.3"),
        (1, "GENERAL", "1"),
        (1234.56789012345, "General", "1234.56789"),
        (491_701_234_567, "General", "491701234567"),
        (46_096, "mm/dd/yyyy", "03/15/2026"),
        (46_096, "dddd, d. mmmm yy", "Sunday, 15. March 26"),
        (46_113.75347222222, "yyyy-mm-dd h:mm:ss", "2026-04-01 18:05:00"),
        (45_000.5, "d mmm yyyy h:mm AM/PM", "15 Mar 2023 12:00 PM"),
        (45_000.25, "m/d/yy h:mm", "3/15/23 6:00"),
        (36_526.999999, "yyyy-mm-dd hh:mm", "2000-01-02 00:00"),
        (0.3958333333333333, "h:mm:ss", "9:30:00"),
        (0.51, "mm:ss.0", "14:24.0"),
        (1.25, "[hh]:mm:ss", "30:00:00"),
        (61.5, "[m]", "88560"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (45_000, 'yyyy"年"m"月"d"日"', "2023年3月15日"),
    ],
)
def test_a_number_is_written_as_its_format_shows_it(value: float, code: str, shown: str) -> None:
    assert write_value(value, code) == shown


def test_days_may_be_counted_from_1904_and_texts_have_formats_too() -> None:
    assert write_value(44_634, "yyyy-mm-dd", since_1904=True) == "2026-03-15"
    assert write_text("abc", '0;0;0;"<"@">"') == "<abc>"


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.one_of(
        st.sampled_from(sorted(BUILT_IN.values())),
        st.text('0#?.,%;"\\[]$€->ymdhs/E+@ _*AMP', max_size=20),
        st.text(max_size=8),
    ),
)
def test_any_number_is_written_in_any_format(value: float, code: str) -> None:
    assert isinstance(write_value(value, code), str)
    assert isinstance(write_text("a", code), str)


def test_cells_are_named_by_the_first_row_that_names_columns(tmp_path: Path) -> None:
    def make(book: Any) -> None:
        sheet = book.add_worksheet("Budget")
        sheet.write(0, 0, "Our year")
        sheet.write_row(2, 1, ["Item", "Rate", "Paid on", "Done"])
        sheet.write_row(3, 1, ["Loan", 0.075], book.add_format({"num_format": "0.0%"}))
        sheet.write_datetime(3, 3, datetime(2026, 3, 15), book.add_format({"num_format": "mm/dd/yyyy"}))  # noqa: DTZ001 (Excel knows no zones)
        sheet.write(3, 4, True)  # noqa: FBT003 (a cell)

    assert rows(tmp_path, make) == ["Our year", "Item: Loan; Rate: 7.5%; Paid on: 03/15/2026; Done: TRUE"]


def test_what_is_merged_over_rows_stands_in_each_of_them(tmp_path: Path) -> None:
    def make(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Room", "What"])
        sheet.merge_range(1, 0, 3, 0, "Kitchen")
        for row, what in enumerate(("sink", "oven", "tap"), 1):
            sheet.write(row, 1, what)
        sheet.write_row(4, 0, ["Hall", "lamp"])

    assert rows(tmp_path, make) == [
        "Room: Kitchen; What: sink",
        "Room: Kitchen; What: oven",
        "Room: Kitchen; What: tap",
        "Room: Hall; What: lamp",
    ]


def test_what_excel_hides_is_left_out_and_said(tmp_path: Path) -> None:
    def make(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Seen", "HIDDEN", "Too"])
        sheet.write(1, 0, "HIDDEN")
        sheet.write(2, 0, "HIDDEN", book.add_format({"font_color": "white"}))
        sheet.write(3, 0, "On blue.", book.add_format({"font_color": "white", "bg_color": "blue"}))
        sheet.write(4, 0, 4711, book.add_format({"num_format": ";;;"}))
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_row(1, None, None, {"hidden": True})
        secret, very = book.add_worksheet("Secret"), book.add_worksheet("Very")
        secret.write(0, 0, "HIDDEN")
        secret.hide()
        very.write(0, 0, "HIDDEN")
        very.very_hidden()

    assert rows(tmp_path, make) == ["Seen: On blue."]  # the first row names the columns
    assert notes(tmp_path, make) == ("2 hidden sheets, 1 hidden column, 1 hidden row and 1 hidden text were left out.",)


def test_a_formula_gives_its_stored_result_and_one_without_is_said(tmp_path: Path) -> None:
    def make(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(1, 0, '="a"&"b"', None, "ab")
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 0, "=2+2", None, None)

    assert rows(tmp_path, make)[:3] == ["2", "ab", "#DIV/0!"]


def test_comments_and_boxes_are_read_and_pictures_counted(tmp_path: Path) -> None:
    def make(book: Any) -> None:
        sheet = book.add_worksheet("Plan")
        sheet.write(0, 0, "Seen.")
        sheet.write_comment("B2", "Ask the landlord.", {"author": "Kim"})
        sheet.insert_textbox("D2", "In a box.")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Plan!$A$1:$A$1"})
        sheet.insert_chart("D9", chart)

    found = pieces(tmp_path, "a.xlsx", saved(make))
    assert [(piece.text, piece.locator) for piece in found] == [
        ("Seen.", "sheet Plan, row 1"),
        ("Comment by Kim: Ask the landlord.", "sheet Plan, cell B2"),
        ("In a box.", "sheet Plan"),
    ]
    assert notes(tmp_path, make) == ("1 chart was left out.",)


@pytest.mark.parametrize(
    ("style", "said"),
    [("Table Style Medium 2", ["Day: Mon; Place: Rome"]), ("Table Style Light 1", [])],
)
def test_white_letters_in_the_coloured_header_of_a_table_are_seen(tmp_path: Path, style: str, said: list[str]) -> None:
    def make(book: Any) -> None:
        white = book.add_format({"font_color": "white"})
        columns = [{"header": name, "header_format": white} for name in ("Day", "Place")]
        table = {"data": [["Mon", "Rome"]], "columns": columns, "style": style}
        book.add_worksheet("Plan").add_table(0, 0, 1, 1, table)

    assert rows(tmp_path, make) == said


def test_the_strict_form_of_a_workbook_is_read_as_well(tmp_path: Path) -> None:
    def make(book: Any) -> None:  # the library has no types
        sheet = book.add_worksheet("Prices")
        sheet.write_row(0, 0, ["Who", "Price"])
        sheet.write_row(1, 0, ["Adults", 10])

    with zipfile.ZipFile(io.BytesIO(saved(make))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    target = io.BytesIO()
    usual = b"http://schemas.openxmlformats.org/spreadsheetml/2006/"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/"
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data.replace(usual, strict) if name.startswith("xl/") else data)

    assert [piece.text for piece in pieces(tmp_path, "a.xlsx", target.getvalue())] == ["Who: Adults; Price: 10"]
