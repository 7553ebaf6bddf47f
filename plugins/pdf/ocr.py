"""Reads pages that are pictures, if the extra for it is installed."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import median
from typing import Any

import pypdfium2 as pdf

from plugins.pdf.lines import TextLine
from plugins.pdf.unread import INSTALL_OCR

_DOTS_PER_POINT = 200 / 72
_MOST_PIXELS = 8_000_000
_LEAST_CERTAIN = 0.5
_MUCH_HIGHER = 1.6


class Ocr:
    """Finds text in pictures of pages, as many as are wanted; the model is loaded when the first one comes.

    `missing` says, once pages had to be left unread, what to do about it.
    """

    def __init__(self, most_pages: int) -> None:
        self._left = most_pages
        self._is_wanted = most_pages > 0
        self._engine: Any = None
        self.missing: str | None = None

    def lines(self, document: pdf.PdfDocument, index: int) -> list[TextLine]:
        """Return the lines of text in the picture of a page; none without the extra, or when there were too many."""
        if not self._load_engine():
            return []
        self._left -= 1
        page = document[index]
        try:
            scale = _scale(*page.get_size())
            picture = page.render(scale=scale).to_numpy() if scale else None
            height = page.get_height()
        finally:
            page.close()
        if picture is None:
            return []
        found = self._engine(picture)
        if found.boxes is None:
            return []
        read = zip(found.boxes, found.txts, found.scores, strict=True)
        return _even_heights([_line(box, text, scale, height) for box, text, sure in read if sure >= _LEAST_CERTAIN])

    def _load_engine(self) -> bool:
        if not self._is_wanted:
            return False
        if not self._left:
            self.missing = "There are more of them than I read from pictures in one file."
            return False
        if self._engine is None and self.missing is None:
            try:
                from rapidocr import RapidOCR  # noqa: PLC0415 (an extra, slow to import, seldom needed)
            except ImportError:
                self.missing = f"To have pictures of text read: {INSTALL_OCR}"
            else:
                self._engine = RapidOCR(params={"Global.log_level": "error"})
        return self._engine is not None


def _scale(width: float, height: float) -> float:
    """Return how many pixels a point gets; fewer on pages of enormous size, none on pages without any."""
    area = width * height
    if not math.isfinite(area) or area <= 0:
        return 0.0
    return min(_DOTS_PER_POINT, math.sqrt(_MOST_PIXELS / area))


def _even_heights(lines: list[TextLine]) -> list[TextLine]:
    """Return the lines with one height, but for those that differ much: boxes are as high as the letters in them."""
    usual = median(line.height for line in lines) if lines else 0.0
    return [replace(line, height=usual) if line.height < _MUCH_HIGHER * usual else line for line in lines]


def _line(box: Any, text: str, scale: float, page_height: float) -> TextLine:
    """Return a line where a box of four corners, in pixels from the upper left, says that it is."""
    across = [float(corner[0]) / scale for corner in box]
    down = [float(corner[1]) / scale for corner in box]
    return TextLine(text, min(across), page_height - max(down), max(across), max(down) - min(down))
