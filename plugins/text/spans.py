"""Cells that span rows: in each of the rows below a reader sees them, so each gets its copy."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_COPIES = 10_000
_MOST_COLUMNS = 1000
_LONGEST_CELL = 300
"""Characters; a longer one is a text beside a table rather than the name of its rows."""


def repeat_spanning_cells(root: _Element) -> None:
    """Put a copy of each cell that spans several rows into the rows below it, in place."""
    left = _MOST_COPIES
    for table in root.iter("table"):
        pending: dict[int, tuple[_Element, int]] = {}
        for row in _rows(table):
            left -= _fill(row, pending, left)


def _rows(table: _Element) -> list[_Element]:
    parts = [table, *(part for part in table if part.tag in ("thead", "tbody", "tfoot"))]
    return [row for part in parts for row in part if row.tag == "tr"]


def _fill(row: _Element, pending: dict[int, tuple[_Element, int]], most: int) -> int:
    """Insert into a row what spans it from above, and note what spans those below; return how many were inserted."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    column = copies = 0
    for cell in [*cells, None]:
        while column in pending or (cell is None and pending and column <= max(pending)):
            if column in pending:
                copies += _repeat(row, cell, pending, column, left=most - copies)
            column += 1
        if cell is None or column > _MOST_COLUMNS:
            break
        rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
        if rows > 1 and len("".join(cell.itertext())) <= _LONGEST_CELL:
            pending[column] = cell, rows - 1
        column += columns
    return copies


def _repeat(
    row: _Element, before: _Element | None, pending: dict[int, tuple[_Element, int]], column: int, *, left: int
) -> int:
    cell, rows = pending.pop(column)
    if rows > 1:
        pending[column] = cell, rows - 1
    if left <= 0 or not "".join(cell.itertext()).strip():
        return 0
    double = copy.deepcopy(cell)
    double.tail = None
    double.attrib.pop("rowspan", None)
    if before is None:
        row.append(double)
    else:
        before.addprevious(double)
    return 1


def _span(cell: _Element, name: str) -> int:
    told = str(cell.get(name, "1")).strip()
    return min(int(told), _MOST_COLUMNS) if told.isascii() and told.isdecimal() and len(told) < 6 and int(told) else 1
