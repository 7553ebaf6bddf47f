"""The text of rows: cells divided by bars, an empty cell where a row has none in a column that others have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from plugins.pdf.columns import Row

_BAR = " | "
_LEAST_ROWS = 2

Span = tuple[float, float]


def format_rows(rows: Sequence[Row]) -> list[str]:
    """Return the text of each row; those with several cells, one below the other, are a table."""
    texts: list[str] = []
    for is_table, together in groupby(rows, lambda row: len(row) > 1):
        block = list(together)
        if not is_table:
            texts += [row[0].text for row in block]
            continue
        columns = _columns(block) if len(block) >= _LEAST_ROWS else []
        texts += [_text(row, columns) for row in block]
    return texts


def _columns(rows: Sequence[Row]) -> list[Span]:
    """Return from where to where each column goes: cells that overlap, seen from above, are in one."""
    columns: list[Span] = []
    for left, right in sorted((cell.x0, cell.x1) for row in rows for cell in row):
        if columns and left <= columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    return columns


def _text(row: Row, columns: Sequence[Span]) -> str:
    cells = [" ".join(cell.text for cell in row if left <= cell.x0 <= right) for left, right in columns]
    if sum(map(bool, cells)) < len(row):  # a heading across columns has made them one
        cells = [cell.text for cell in row]
    while not cells[-1]:
        cells.pop()
    return _BAR.join(cells)
