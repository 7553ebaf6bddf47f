"""How Excel before 2007 shows a workbook's cells: their number formats, and which rows and columns are hidden.

The records are those of [MS-XLS], 2.4 (https://learn.microsoft.com/openspecs/office_file_formats/ms-xls): BoundSheet8,
ColInfo, Format, Row, XF and the cells. Values are read by another library.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from plugins.text.excel.formats import BUILT_IN

_BOF: Final = 0x0809
_END: Final = 0x000A
_BOUND_SHEET: Final = 0x0085
_FORMAT: Final = 0x041E
_STYLE: Final = 0x00E0
_DATE_1904: Final = 0x0022
_ROW: Final = 0x0208
_COLUMNS: Final = 0x007D
_CELLS: Final = frozenset({0x0203, 0x027E, 0x0006})
"""Number, RK, Formula: row, column and style stand first in each."""
_MANY_CELLS: Final = 0x00BD
_HIDDEN_ROW: Final = 0x20
_HIDDEN_COLUMN: Final = 0x01
_BIFF8: Final = 0x0600


@dataclass(slots=True)
class SheetLook:
    """How one sheet shows its cells; rows and columns count from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    styles: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass(slots=True)
class WorkbookLook:
    """How a workbook shows its sheets, by their names."""

    sheets: dict[str, SheetLook] = field(default_factory=dict)
    since_1904: bool = False
    _formats: dict[int, str] = field(default_factory=dict)
    _styles: list[int] = field(default_factory=list)

    def code_of(self, sheet: SheetLook, row: int, column: int) -> str:
        """Return the number format of a cell."""
        style = sheet.styles.get((row, column), -1)
        number = self._styles[style] if 0 <= style < len(self._styles) else 0
        return self._formats.get(number) or BUILT_IN.get(number, "General")

    def take_global(self, kind: int, data: bytes) -> None:
        """Take a record that is about all sheets."""
        if kind == _FORMAT and len(data) > 4:
            self._formats[struct.unpack_from("<H", data)[0]] = _read_text(data[2:])
        elif kind == _STYLE and len(data) >= 4:
            self._styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _DATE_1904 and len(data) >= 2:
            self.since_1904 = struct.unpack_from("<H", data)[0] == 1


def read_look(stream: bytes) -> WorkbookLook:
    """Return how the workbook of this stream shows its cells; of one before Excel 97 nothing is known."""
    look, starts = WorkbookLook(), dict[int, str]()
    version = struct.unpack_from("<H", stream, 4)[0] if len(stream) > 6 else 0
    if version != _BIFF8:
        return look
    for kind, data in _records(stream, 0):
        if kind == _END:
            break
        if kind == _BOUND_SHEET and len(data) > 8:
            starts[struct.unpack_from("<I", data)[0]] = _read_text(bytes([data[6], 0]) + data[7:])
        look.take_global(kind, data)
    for start, name in starts.items():
        look.sheets[name] = _read_sheet(stream, start)
    return look


def _read_sheet(stream: bytes, start: int) -> SheetLook:
    sheet, depth = SheetLook(), 0
    for kind, data in _records(stream, start):
        depth += (kind == _BOF) - (kind == _END)
        if depth <= 0:
            break
        if depth == 1:  # what lies deeper is a chart
            _take(sheet, kind, data)
    return sheet


def _take(sheet: SheetLook, kind: int, data: bytes) -> None:
    if kind in _CELLS and len(data) >= 6:
        row, column, style = struct.unpack_from("<3H", data)
        sheet.styles[row, column] = style
    elif kind == _MANY_CELLS and len(data) >= 6:
        row, first = struct.unpack_from("<2H", data)
        for at, offset in enumerate(range(4, len(data) - 7, 6)):
            sheet.styles[row, first + at] = struct.unpack_from("<H", data, offset)[0]
    elif kind == _ROW and len(data) >= 14 and data[12] & _HIDDEN_ROW:
        sheet.hidden_rows.add(struct.unpack_from("<H", data)[0])
    elif kind == _COLUMNS and len(data) >= 10 and data[8] & _HIDDEN_COLUMN:
        first, last = struct.unpack_from("<2H", data)
        sheet.hidden_columns.update(range(first, min(last, 255) + 1))


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records from a place on: the kind and the data of each."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, start)
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size


def _read_text(data: bytes) -> str:
    """Return a text with its length and its width in front: a byte or two for each letter."""
    length, wide = struct.unpack_from("<H", data)[0], data[2] & 1 if len(data) > 2 else 0
    body = data[3 : 3 + length * (2 if wide else 1)]
    return body.decode("utf-16-le" if wide else "latin-1", "replace")
