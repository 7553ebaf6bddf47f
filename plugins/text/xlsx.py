"""Reads Excel workbooks as Excel shows them, row by row, each value with the name of its column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.excel.annotations import read_comments, read_drawings
from plugins.text.excel.sheet import SheetReader
from plugins.text.excel.workbook import Workbook
from plugins.text.left_out import LeftOut
from plugins.text.office.package import open_package
from plugins.text.options import TextOptions
from plugins.text.table_rows import name_cells


@raise_only_unreadable(gettext_noop("a workbook"))
def read_xlsx(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield the rows of each sheet, with its comments and boxes. What Excel hides is left out."""
    with open_package(path, options.most_megabytes) as package:
        workbook = Workbook(package)
        left_out = LeftOut()
        shown = [sheet for sheet in workbook.sheets if not sheet.hidden]
        left_out.add("hidden sheet", len(workbook.sheets) - len(shown))
        for number, sheet in enumerate(shown, 1):
            yield from name_cells(SheetReader(package, workbook, sheet, left_out).rows(), sheet.name)
            for place, text in read_comments(package, package.main(), sheet):
                yield Piece(text, f"sheet {sheet.name}, cell {place}" if place else f"sheet {sheet.name}")
            for text in read_drawings(package, sheet, left_out):
                yield Piece(text, f"sheet {sheet.name}")
            yield Progress(number, len(shown), "sheets")
        if notes := left_out.notes():
            yield About(notes=notes)
