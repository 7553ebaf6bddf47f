"""Tables as text, CSV and its kin: what separates and surrounds the cells is found out, and each stays as it is."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from plugins.tables.encoding import decode_lines
from plugins.tables.frames import BATCH_ROWS, TextFrame

FURTHER = "Further cells"
"""The column of what stands in a row beyond the last column that has a name."""
_LONGEST_CELL = 1 << 20
MOST_COLUMNS = 2_000
_DELIMITERS = ";\t,|"
"""The comma comes late: where several fit, it may be a decimal one."""
_PEEKED_LINES = 200
_EXCEL_HINT = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)
_ESCAPED = re.compile(r'\\"(?![,;\t|\r\n]|\Z)')
_DOUBLED = re.compile(r'[^\\,;\t|\r\n"]""(?!")')
"""A quote within a cell: behind a backslash, or twice. A folder at the end of a cell ends in a backslash as well."""
_NUMBER = re.compile(r"[-+$€£]?\s*\d[\d.,:/\s-]*[%€$£]?")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What separates and what surrounds cells, and what goes before a quote within quotes where it isn't doubled."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None

    def rows(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Yield the rows that have something in them. Raises csv.Error."""
        rows = csv.reader(
            lines, delimiter=self.delimiter, quotechar=self.quote, escapechar=self.escape, skipinitialspace=True
        )
        return (row for row in rows if any(map(str.strip, row)))


def read_delimited(path: Path, delimiter: str | None = None) -> Iterator[TextFrame]:
    """Yield the rows of a file in frames of texts. Raises ValueError when it is not a table, OSError."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = decode_lines(path)
    head = list(islice(lines, _PEEKED_LINES))
    if head and (hint := _EXCEL_HINT.match(head[0])):
        delimiter, head = hint[1], head[1:]
    rows = _dialect(head, delimiter).rows(chain(head, lines))
    try:
        first = next(rows, [])
        has_names = _are_names(first)
        columns = _name_columns(first if has_names else [""] * len(first))
        rows = rows if has_names else chain([first], rows)
        while batch := list(islice(rows, BATCH_ROWS)):
            yield _frame(columns, batch)
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _dialect(head: Sequence[str], delimiter: str | None) -> Dialect:
    """Return the dialect that makes the rows of the file's beginning the most alike."""
    text = "".join(head)
    escape = "\\" if _ESCAPED.search(text) and not _DOUBLED.search(text) else None
    candidates = [Dialect(each, quote, escape) for each in delimiter or _DELIMITERS for quote in _quotes(text, each)]
    return max(candidates, key=lambda dialect: _rate_likeness(dialect, head))


def _quotes(text: str, delimiter: str) -> Sequence[str]:
    """Return what may surround cells: single quotes only where they stand beside delimiters and double ones don't."""
    single = text.count(f"{delimiter}'") + text.count(f"'{delimiter}")
    double = text.count(f'{delimiter}"') + text.count(f'"{delimiter}')
    return ("'",) if single > 2 and not double else ('"',)


def _rate_likeness(dialect: Dialect, head: Sequence[str]) -> tuple[float, int]:
    """Return the share of rows that are as wide as most are, and how wide that is; one column is rarely a table."""
    try:
        widths = [len(row) for row in dialect.rows(iter(head))]
    except csv.Error:
        return (0, 0)
    if not widths:
        return (0, 0)
    ((width, count),) = Counter(widths[:-1] or widths).most_common(1)  # the last one may be cut off
    return (count / len(widths) if width > 1 else 0, width)


def _are_names(first: Sequence[str]) -> bool:
    """Say whether the first row names the columns: with words, though years may be among them."""
    numbers = [cell.strip() for cell in first if _NUMBER.fullmatch(cell.strip())]
    return not first or (len(numbers) < len(first) and all(map(_YEAR.fullmatch, numbers)))


def _name_columns(header: Sequence[str]) -> list[str]:
    """Return names for the columns, each of them once. Raises ValueError when there are absurdly many."""
    if len(header) > MOST_COLUMNS:
        raise ValueError(f"it has {len(header):,} columns, and I read {MOST_COLUMNS:,} at most")
    names: list[str] = []
    taken = {FURTHER}
    for number, cell in enumerate(header, 1):
        name = called = " ".join(cell.split()) or f"Column {number}"
        again = 2
        while name in taken:
            name, again = f"{called} ({again})", again + 1
        taken.add(name)
        names.append(name)
    return names


def _frame(columns: Sequence[str], rows: Sequence[list[str]]) -> TextFrame:
    """Return rows of one width; a short row lacks its last cells, a long one has further ones."""
    width = len(columns)
    further = any(len(row) > width for row in rows)
    return TextFrame.trim([*columns, FURTHER] if further else columns, (_fit(row, width, further) for row in rows))


def _fit(row: list[str], width: int, further: bool) -> list[str | None]:  # noqa: FBT001 (one of two shapes)
    cells: list[str | None] = [*row[:width], *[None] * (width - len(row))]
    return [*cells, ", ".join(filter(None, row[width:]))] if further else cells
