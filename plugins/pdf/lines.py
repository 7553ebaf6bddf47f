"""The lines of text on a page, each with where it stands and how large it is written."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

GAP = 1.1
"""Letters' heights of white between two words from which on they are cells, or columns, of their own."""

_QUARTER = math.pi / 2
_LINE = re.compile(r"[^\r\n\ufffe\x02]+[\ufffe\x02]?")
_HYPHENS = "\ufffe\x02"  # what PDFium writes for a hyphen at the end of a line
_SPACES = re.compile(r"\s+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FONT_NAME_BYTES = 128
_BOLD_NAME = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """A line of text, or the part of one that stands alone, seen upright: x grows along it, y towards its top.

    Units are points; `y` is its lower edge, `height` that of its letters, from the lowest to the highest there are in
    their font. `turn` counts the quarter turns that it is turned by on the page. `hyphen` says that its last word goes
    on in the next line.
    """

    text: str
    x0: float
    y: float
    x1: float
    height: float
    turn: int = 0
    hyphen: bool = False
    bold: bool = False


class TextPage:
    """The text of one page as PDFium finds it: letters that have numbers, and boxes to be asked for."""

    def __init__(self, handle: Any, most_letters: int) -> None:
        self._handle = handle
        count = max(0, pdfium.FPDFText_CountChars(handle))
        self.is_cut = count > most_letters
        self.text = self._read(min(count, most_letters))
        self._box = pdfium.FS_RECTF()
        self._box_at = ctypes.byref(self._box)
        self._font_name = ctypes.create_string_buffer(_FONT_NAME_BYTES)

    def lines(self) -> list[Line]:
        """Return the lines in the order in which they were written, cut where wide gaps divide them."""
        from_left = not _RIGHT_TO_LEFT.search(self.text)
        return [line for found in _LINE.finditer(self.text) for line in self._parts(*found.span(), from_left=from_left)]

    def _read(self, count: int) -> str:
        """Return the letters, one for each of PDFium's, so that a place in the text is the number of a letter.

        What takes two units of UTF-16 has two numbers; its halves are put together when a line is made.
        """
        units = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(self._handle, 0, count, units) - 1
        if written == count:
            text = bytes(units)[: 2 * count].decode("utf-16-le", errors="surrogatepass")
            return text if len(text) == count else "".join(map(chr, units[:count]))
        # Some letters have no meaning: ask for them one by one.
        codes = (pdfium.FPDFText_GetUnicode(self._handle, number) for number in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 else "\ufffd" for code in codes)

    def _said(self, start: int, end: int) -> str:
        text = self.text[start:end].translate(_CLEANED)
        return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _parts(self, start: int, end: int, *, from_left: bool) -> Iterator[Line]:
        text = self.text[start:end]
        hyphen = text[-1] in _HYPHENS
        start += len(text) - len(text.lstrip())
        end -= len(text) - len(text.rstrip())
        if start >= end:
            return
        angle = pdfium.FPDFText_GetCharAngle(self._handle, start)
        turn = round(-angle / _QUARTER) % 4
        bold = self._is_bold(start) and self._is_bold(end - 1)
        if not from_left and _RIGHT_TO_LEFT.search(text):
            yield self._from_right(start, end, turn, hyphen=hyphen, bold=bold)
            return
        first = start
        for gap, after in self._gaps(start, end, turn):
            yield self._line(first, gap, turn, bold=bold)
            first = after
        yield self._line(first, end, turn, hyphen=hyphen, bold=bold)

    def _gaps(self, start: int, end: int, turn: int) -> Iterator[tuple[int, int]]:
        """Yield where words end and begin that stand wide apart."""
        spaces = list(_SPACES.finditer(self.text, start, end))
        if not spaces or not self._may_have_gaps(start, end, spaces[0].start()):
            return
        for space in spaces:
            left = self._place(space.start() - 1, turn)
            right = self._place(space.end(), turn)
            if right[0] - left[2] > GAP * max(left[3], right[3]):
                yield space.span()

    def _may_have_gaps(self, start: int, end: int, space: int) -> bool:
        """Tell a line that was written at one go, with spaces, from one that was put together; most lines are."""
        if pdfium.FPDFText_IsGenerated(self._handle, space) == 1:
            return True
        return bool(pdfium.FPDFText_CountRects(self._handle, start, end - start) > 1)

    def _line(self, start: int, end: int, turn: int, *, hyphen: bool = False, bold: bool = False) -> Line:
        x0, y, x1, height = self._place(start, turn)
        if end - start > 1:
            _, other_y, x1, other_height = self._place(end - 1, turn)
            if other_height > height:
                y, height = other_y, other_height
        return Line(self._said(start, end), x0, y, x1, height, turn, hyphen, bold)

    def _from_right(self, start: int, end: int, turn: int, *, hyphen: bool, bold: bool) -> Line:
        """Return a line with right-to-left letters in it: its ends may be anywhere in the text."""
        places = [self._place(number, turn) for number in range(start, end) if not self.text[number].isspace()]
        lowest, height = min(place[1] for place in places), max(place[3] for place in places)
        text = self._said(start, end)
        return Line(text, min(p[0] for p in places), lowest, max(p[2] for p in places), height, turn, hyphen, bold)

    def _place(self, number: int, turn: int) -> tuple[float, float, float, float]:
        """Return a letter's left, lower and right edge and its font's height, seen upright."""
        box = self._box
        if not pdfium.FPDFText_GetLooseCharBox(self._handle, number, self._box_at):
            return 0.0, 0.0, 0.0, 0.0
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        if turn == 0:
            return left, bottom, right, top - bottom
        if turn == 1:
            return bottom, -right, top, right - left
        if turn == 2:
            return -right, -top, -left, top - bottom
        return -top, left, -bottom, right - left

    def _is_bold(self, number: int) -> bool:
        length = pdfium.FPDFText_GetFontInfo(self._handle, number, self._font_name, _FONT_NAME_BYTES, None)
        return 0 < length <= _FONT_NAME_BYTES and _BOLD_NAME.search(self._font_name.raw[:length]) is not None


_CLEANED = {
    **dict.fromkeys(range(32), " "), 0xFFFE: "-", 0x02: "-", 0xA0: " ", 0xAD: None, 0x200B: None, 0xFEFF: None,
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
}  # fmt: skip
"""Ligatures are written out, so that their words are found; what nobody sees goes."""
