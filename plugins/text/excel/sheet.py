"""The rows of a sheet as Excel shows them, one after another: the sheet is never in memory whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.text.excel.formats import write_text, write_value
from plugins.text.excel.shading import read_shading
from plugins.text.excel.workbook import S, Sheet, Workbook, read_number, read_rich_text
from plugins.text.left_out import LeftOut
from plugins.text.office.package import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]{0,200}?ref\s*=\s*["']([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})["']""")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
_BLOCK = 1 << 20
_OVERLAP = 300
_MOST_MERGED = 20_000
_LAST_COLUMN = 16_384

Row = tuple[int, dict[int, str]]
"""A row's number, and what its cells show, by the numbers of their columns, from 1."""


class SheetReader:
    """Reads one sheet."""

    def __init__(self, package: Package, workbook: Workbook, sheet: Sheet, left_out: LeftOut) -> None:
        self._package = package
        self._workbook = workbook
        self._sheet = sheet
        self._left_out = left_out
        self._hidden_columns: list[tuple[int, int]] = []
        self._merged = self._read_merged()
        self._shading = read_shading(package, sheet)
        self._spanning: dict[int, tuple[int, str]] = {}

    def rows(self) -> Iterator[Row]:
        """Yield the rows that show something. What is merged over rows stands in each of them."""
        from lxml import etree  # noqa: PLC0415 (in the child alone)

        number = 0
        with self._package.open(self._sheet.part) as file:
            walk = etree.iterparse(
                file, tag=("{*}row", "{*}cols"), resolve_entities=False, no_network=True, load_dtd=False
            )
            for _, element in walk:
                if str(element.tag).endswith("cols"):
                    self._hidden_columns = list(_find_hidden_columns(element))
                    self._left_out.add("hidden column", sum(last - first + 1 for first, last in self._hidden_columns))
                else:
                    number = read_number(element.get("r")) or number + 1
                    cells = self._row(element, number)
                    if cells:
                        yield number, cells
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def _row(self, row: _Element, number: int) -> dict[int, str]:
        hidden = row.get("hidden") in ("1", "true")
        cells: dict[int, str] = {}
        column = 0
        for cell in row:
            column = _column(str(cell.get("r", ""))) or column + 1
            text = self._text(cell, column, number) if column <= _LAST_COLUMN else ""
            if text and not self._is_hidden(column):
                cells[column] = text
            if (last := self._merged.get((column, number))) is not None and text:
                self._spanning[column] = last, text
        own = bool(cells)
        for column, (last, text) in list(self._spanning.items()):
            if number > last:
                del self._spanning[column]
            elif own and not self._is_hidden(column):
                cells.setdefault(column, text)
        if hidden:
            self._left_out.add("hidden row", 1 if own else 0)
            return {}
        return dict(sorted(cells.items())) if own else {}

    def _text(self, cell: _Element, column: int, row: int) -> str:
        style = self._workbook.style(cell.get("s"))
        text = " ".join(self._shown(cell, style.code).split())
        if text and (style.tiny or (style.white and not any(each.holds(column, row) for each in self._shading))):
            self._left_out.add("hidden text")
            return ""
        return text

    def _shown(self, cell: _Element, code: str) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(f"{S}is")
            return write_text(read_rich_text(inline), code) if inline is not None else ""
        value = cell.find(f"{S}v")
        told = (value.text or "").strip() if value is not None else ""
        if not told:
            self._left_out.add(
                "formula without a stored result", 1 if cell.find(f"{S}f") is not None and kind != "str" else 0
            )
            return ""
        if kind == "s":
            at = read_number(told)
            return write_text(self._workbook.texts[at], code) if at < len(self._workbook.texts) else ""
        if kind == "b":
            return "TRUE" if told == "1" else "FALSE"
        if kind != "n":
            return told if kind == "e" else write_text(told, code)
        return _write_number(told, code, since_1904=self._workbook.since_1904)

    def _is_hidden(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self._hidden_columns)

    def _read_merged(self) -> dict[tuple[int, int], int]:
        """Return the last row of each merged range that spans rows, by its first cell; they stand behind the rows."""
        found: dict[tuple[int, int], int] = {}
        tail = b""
        with self._package.open(self._sheet.part) as file:
            while (block := file.read(_BLOCK)) and len(found) < _MOST_MERGED:
                for match in _MERGED.finditer(tail + block):
                    first, last = (_PLACE.match(each.decode("ascii")) for each in match.groups())
                    if first is not None and last is not None and int(last[2]) > int(first[2]):
                        found[_column(first[0]), int(first[2])] = int(last[2])
                tail = block[-_OVERLAP:]
        return found


def _find_hidden_columns(columns: _Element) -> Iterator[tuple[int, int]]:
    for each in columns:
        if each.get("hidden") in ("1", "true") or each.get("width") in ("0", "0.0"):
            yield read_number(each.get("min")), min(read_number(each.get("max")), _LAST_COLUMN)


def _write_number(told: str, code: str, *, since_1904: bool) -> str:
    try:
        value = float(told)
    except ValueError:
        return told
    return write_value(value, code, since_1904=since_1904) if abs(value) < float("inf") else told


def _column(place: str) -> int:
    """Return the number of a cell's column: 1 for "A7", 27 for "AA7"; 0 when there is none."""
    number = 0
    for letter in place[:3]:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number
