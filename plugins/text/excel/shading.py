"""Cells that the style of a table colours: the white letters of its header are seen, though the cells have no fill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from plugins.text.excel.workbook import S, Sheet
from plugins.text.office.package import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

_REF: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})\Z")
_PLAIN: Final = re.compile(r"TableStyleLight(?:[1-7]|1[5-9]|2[01])\Z")
"""The built-in styles whose header has no colour of its own (ECMA-376, 18.8.42, presetTableStyles.xml)."""
_DARK: Final = "TableStyleDark"
_MOST_TABLES: Final = 1000


@dataclass(frozen=True, slots=True)
class ShadedCells:
    """A range of cells; columns and rows count from 1."""

    columns: range
    rows: range

    def holds(self, column: int, row: int) -> bool:
        """Whether a cell belongs to it."""
        return column in self.columns and row in self.rows


def read_shading(package: Package, sheet: Sheet) -> tuple[ShadedCells, ...]:
    """Return what the styles of a sheet's tables colour: headers and rows of totals, of dark styles all."""
    found: list[ShadedCells] = []
    for each in list(package.relations(sheet.part).values())[:_MOST_TABLES]:
        table = package.part(each.target) if each.kind == "table" else None
        if table is not None:
            found += _find_shaded(table)
    return tuple(found)


def _find_shaded(table: _Element) -> Iterator[ShadedCells]:
    ref = _REF.match(str(table.get("ref", "")))
    if ref is None:
        return
    columns = range(_column(ref[1]), _column(ref[3]) + 1)
    first, last = int(ref[2]), int(ref[4])
    info = table.find(f"{S}tableStyleInfo")
    style = str(info.get("name", "")) if info is not None else ""
    has_colours = bool(style) and _PLAIN.match(style) is None
    if has_colours and style.startswith(_DARK):
        yield ShadedCells(columns, range(first, last + 1))
        return
    if has_colours or table.get("headerRowDxfId"):
        yield ShadedCells(columns, range(first, first + (table.get("headerRowCount") != "0")))
    if has_colours and table.get("totalsRowCount", "0") != "0":
        yield ShadedCells(columns, range(last, last + 1))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
