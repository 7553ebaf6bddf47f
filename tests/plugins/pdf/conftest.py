from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.reading import About, Piece, Progress
from plugins.pdf.options import PdfOptions
from plugins.pdf.reader import read_pdf
from tests.plugins.pdf.told import whole_text


class Read:
    """What came of reading a file."""

    def __init__(self, path: Path, options: PdfOptions) -> None:
        items = list(read_pdf(path, options))
        self.pieces = [item for item in items if isinstance(item, Piece)]
        self.abouts = [item for item in items if isinstance(item, About)]
        self.progress = [item for item in items if isinstance(item, Progress)]

    @property
    def about(self) -> About:
        return self.abouts[0]

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(note for about in self.abouts for note in about.notes)

    @property
    def text(self) -> str:
        """The text with each heading once, where its section begins."""
        return whole_text(self.pieces)


Reads = Callable[..., Read]


@pytest.fixture
def read() -> Reads:
    def read(path: Path, **options: object) -> Read:
        return Read(path, replace(PdfOptions(ocr=False), **options))  # type: ignore[arg-type]  # as the test names them

    return read
