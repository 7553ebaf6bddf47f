"""Reads workbooks of Excel before 2007, and of Excel's binary kind, row by row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import is_zipfile

from bot.errors import FileUnreadable
from bot.reading import About, Progress, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.excel.digits import write_general
from plugins.text.excel.formats import write_value
from plugins.text.left_out import LeftOut
from plugins.text.named_as_office import read_as_workbook
from plugins.text.oldoffice.workbook import SheetLook, WorkbookLook, read_look
from plugins.text.options import TextOptions
from plugins.text.table_rows import name_cells
from plugins.text.zipped import check_zip

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


_PEEKED = 4096


@raise_only_unreadable(gettext_noop("a workbook"))
def read_xls(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield what is shown of each sheet; of the binary kind (.xlsb) it is not known how a cell formats its number."""
    import python_calamine  # noqa: PLC0415 (in the child alone)

    if is_zipfile(path):
        check_zip(path, options.most_megabytes)
    elif not _is_binary(path):
        yield from read_as_workbook(path, options)
        return
    try:  # a file is known by its ending, bytes by what they are
        is_named = path.suffix.casefold() in {".xls", ".xlsb"}
        workbook = python_calamine.load_workbook(str(path) if is_named else io.BytesIO(path.read_bytes()))
    except python_calamine.PasswordError:
        raise FileUnreadable(
            gettext("{name} is encrypted; save it without a password and send it again.", name=path.name)
        ) from None
    sheets = workbook.sheets_metadata
    shown = [each.name for each in sheets if each.visible == python_calamine.SheetVisibleEnum.Visible]
    left_out = LeftOut()
    look = _look_of(path)
    left_out.add("hidden sheet", len(sheets) - len(shown))
    for number, name in enumerate(shown, 1):
        shown_as = _Shown(look, look.sheets.get(name, SheetLook()))
        yield from name_cells(_rows(workbook.get_sheet_by_name(name), shown_as, left_out), " ".join(name.split()))
        yield Progress(number, len(shown), "sheets")
    if notes := left_out.notes():
        yield About(notes=notes)


def _is_binary(path: Path) -> bool:
    """Whether a file is no text; workbooks of the first versions of Excel have no container."""
    with path.open("rb") as file:
        head = file.read(_PEEKED)
    return b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _look_of(path: Path) -> WorkbookLook:
    """Return how a workbook of Excel 97 to 2003 shows its cells; of others nothing is known."""
    import olefile  # noqa: PLC0415 (in the child alone)

    if not olefile.isOleFile(str(path)):
        return WorkbookLook()
    with olefile.OleFileIO(str(path)) as container:
        return read_look(container.openstream("Workbook").read()) if container.exists("Workbook") else WorkbookLook()


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the cells of one sheet are shown."""

    look: WorkbookLook
    sheet: SheetLook

    def write(self, value: object, row: int, column: int) -> str:
        """Return a cell's value as it is shown; rows and columns count from 0."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            code = self.look.code_of(self.sheet, row, column)
            return write_value(value, code, since_1904=self.look.since_1904)
        return _write_cell(value)


def _rows(sheet: CalamineSheet, shown: _Shown, left_out: LeftOut) -> Iterator[tuple[int, dict[int, str]]]:
    first = sheet.start[0] + 1 if sheet.start else 1
    merged = {start: (end[0], start) for start, end in sheet.merged_cell_ranges or () if end[0] > start[0]}
    spanning: dict[int, tuple[int, str]] = {}
    left = sheet.start[1] if sheet.start else 0
    left_out.add("hidden column", len(shown.sheet.hidden_columns.intersection(range(left, left + sheet.width))))
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), first):
        if number - 1 in shown.sheet.hidden_rows:
            left_out.add("hidden row", 1 if any(map(_write_cell, row)) else 0)
            continue
        cells = {
            at: text
            for at, value in enumerate(row, left + 1)
            if at - 1 not in shown.sheet.hidden_columns and (text := shown.write(value, number - 1, at - 1))
        }
        for at, text in cells.items():
            if (span := merged.get((number - 1, at - 1))) is not None:
                spanning[at] = span[0] + 1, text
        if cells:
            below = {at: text for at, (last, text) in spanning.items() if number <= last}
            yield number, dict(sorted((below | cells).items()))


def _write_cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return write_general(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes" if value.time() != time() else "hours").removesuffix(" 00")
    return value.isoformat() if isinstance(value, date | time) else " ".join(str(value).split())
