"""Reads workbooks of Excel and LibreOffice, row by row, each value with the name of its column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import is_zipfile

from bot.errors import FileUnreadable
from bot.reading import Piece, Progress, ReadItem
from plugins.text.damage import raise_only_unreadable
from plugins.text.options import TextOptions
from plugins.text.zipped import check_zip

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_LONGEST_NAME = 80


@raise_only_unreadable("a workbook")
def read_xlsx(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield the rows of each sheet as "Item: Hotel; Cost: 120", by the names in its first row."""
    import python_calamine  # noqa: PLC0415 (an extra)

    if is_zipfile(path):
        check_zip(path, options.most_megabytes)
    try:
        workbook = python_calamine.load_workbook(str(path))
    except python_calamine.PasswordError:
        raise FileUnreadable(f"{path.name} is encrypted; save it without a password and send it again.") from None
    names = workbook.sheet_names
    for number, name in enumerate(names, 1):
        yield from _pieces(workbook.get_sheet_by_name(name), name)
        yield Progress(number, len(names), "sheets")


def _pieces(sheet: CalamineSheet, name: str) -> Iterator[Piece]:
    header: Sequence[str] | None = None
    first = sheet.start[0] + 1 if sheet.start else 1
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), first):
        values = [_write_cell(value) for value in row]
        if not any(values):
            continue
        if header is None:
            header = values if _is_header(values) else [""] * len(values)
            if any(header):
                continue
        pairs = [f"{head}: {value}" if head else value for head, value in zip(header, values, strict=True) if value]
        yield Piece("; ".join(pairs), f"sheet {name}, row {number}")


def _is_header(values: Sequence[str]) -> bool:
    """Whether a row names columns: several short words, no numbers, none twice."""
    named = [value for value in values if value]
    short = all(len(value) <= _LONGEST_NAME and not value.replace(".", "").isdecimal() for value in named)
    return len(named) > 1 and short and len(set(named)) == len(named)


def _write_cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes" if value.time() != time() else "hours").removesuffix(" 00")
    return value.isoformat() if isinstance(value, date | time) else " ".join(str(value).split())
