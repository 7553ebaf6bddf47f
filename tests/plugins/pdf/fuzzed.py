"""Reads a folder of damaged files in one child process, and says what came of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.errors import FileUnreadable
from bot.reading.pieces import Piece, ReadItem
from plugins.pdf.options import PdfOptions
from plugins.pdf.reader import read_pdf


def read_folder(folder: Path, options: PdfOptions) -> Iterator[ReadItem]:
    """Yield for each file that it was read, or how it was refused; any other error ends it all."""
    for path in sorted(folder.iterdir()):
        try:
            count = sum(len(item.text) for item in read_pdf(path, options) if isinstance(item, Piece))
        except FileUnreadable as error:
            yield Piece(str(error), "refused")
        else:
            yield Piece(f"{path.name}: {count}", "read")
