"""The lines of text on a page, each with where it stands and how large it is written."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from plugins.pdf.pdfium_calls import (
    angle_of_letter,
    box_of_letter,
    count_stretches,
    font_of_letter,
    get_address,
    is_made_up,
)

GAP = 1.1
"""Letters' heights of white between two words from which on they are cells, or columns, of their own."""

_QUARTER = math.pi / 2
_LINE = re.compile(r"[^\r\n\ufffe\x02]+[\ufffe\x02]?")
_HYPHENS = "\ufffe\x02"  # what PDFium writes for a hyphen at the end of a line
_SPACES = re.compile(r"\s+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FONT_NAME_BYTES = 128
_FARTHEST = 1e9
"""Points; only a damaged file says that something stands farther out."""
_BOLD_NAME = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)


_Edges = tuple[float, float, float, float]
"""Left, lower, right and upper edge of a letter, lower and upper being those of its font."""


@dataclass(slots=True)
class TextLine:
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
        count = max(0, pdfium.FPDFText_CountChars(handle))
        self.is_cut = count > most_letters
        self.text = _text(handle, min(count, most_letters))
        self._page = get_address(handle)
        self._box = pdfium.FS_RECTF()
        self._box_at = ctypes.addressof(self._box)
        self._name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        self._name_at = ctypes.addressof(self._name)
        self._bold_names: dict[bytes, bool] = {}

    def lines(self) -> list[TextLine]:
        """Return the lines in the order in which they were written, cut where wide gaps divide them."""
        lines: list[TextLine] = []
        from_left = not _RIGHT_TO_LEFT.search(self.text)
        for found in _LINE.finditer(self.text):
            text = found.group()
            start, end = found.span()
            if text[0].isspace() or text[-1].isspace():
                start += len(text) - len(text.lstrip())
                end -= len(text) - len(text.rstrip())
            if start < end:
                lines += self._parts(start, end, from_left or not _RIGHT_TO_LEFT.search(text))
        return [line for line in lines if line.text]

    def _parts(self, start: int, end: int, from_left: bool) -> list[TextLine]:  # noqa: FBT001 (called for each line)
        hyphen = self.text[end - 1] in _HYPHENS
        bold = self._is_bold(start)
        if not from_left:
            return [self._order_from_right(start, end, bold, hyphen)]
        first, last = self._find_edges(start), self._find_edges(end - 1)
        turn = self._turn(start, first, last)
        line = _line(_clean(self.text[start:end]), first, last, turn, bold, hyphen)
        gaps = list(self._find_gaps(start, end, line))
        if not gaps:
            return [line]
        starts, ends = [start, *(after for _, after in gaps)], [*(before for before, _ in gaps), end]
        spans = zip(starts, ends, strict=True)
        return [
            _line(_clean(self.text[a:z]), self._find_edges(a), self._find_edges(z - 1), turn, bold, hyphen and z == end)
            for a, z in spans
        ]

    def _turn(self, start: int, first: _Edges, last: _Edges) -> int:
        """Return the quarter turns of a line; one that plainly runs from left to right is not asked for its angle."""
        if last[2] - first[0] > first[3] - last[1] > 0 and last[0] > first[0]:
            return 0
        angle: float = angle_of_letter(self._page, start)
        return round(-angle / _QUARTER) % 4

    def _find_gaps(self, start: int, end: int, line: TextLine) -> Iterator[tuple[int, int]]:
        """Yield where words end and begin that stand wide apart."""
        space = _SPACES.search(self.text, start, end)
        if space is None or not self._may_have_gaps(start, end, space.start()):
            return
        widest = GAP * line.height
        for space in _SPACES.finditer(self.text, start, end):
            before, after = space.span()
            if line.turn:
                white = (
                    _upright(self._find_edges(after), line.turn)[0]
                    - _upright(self._find_edges(before - 1), line.turn)[2]
                )
            else:
                box_of_letter(self._page, before - 1, self._box_at)
                right = self._box.right
                box_of_letter(self._page, after, self._box_at)
                white = self._box.left - right
            if white > widest:
                yield before, after

    def _may_have_gaps(self, start: int, end: int, space: int) -> bool:
        """Tell a line that was written at one go, with spaces, from one that was put together; most lines are."""
        return bool(is_made_up(self._page, space) == 1 or count_stretches(self._page, start, end - start) > 1)

    def _order_from_right(self, start: int, end: int, bold: bool, hyphen: bool) -> TextLine:  # noqa: FBT001 (as above)
        """Return a line with right-to-left letters in it: its ends may be anywhere in the text."""
        places = [self._find_edges(number) for number in range(start, end) if not self.text[number].isspace()]
        lefts, lowers, rights, uppers = zip(*places, strict=True)
        around = min(lefts), min(lowers), max(rights), max(uppers)
        return _line(_clean(self.text[start:end]), around, around, 0, bold, hyphen)

    def _find_edges(self, number: int) -> _Edges:
        box = self._box
        if not box_of_letter(self._page, number, self._box_at):
            return 0.0, 0.0, 0.0, 0.0
        return box.left, box.bottom, box.right, box.top

    def _is_bold(self, number: int) -> bool:
        length = font_of_letter(self._page, number, self._name_at, _FONT_NAME_BYTES, None)
        if not 0 < length <= _FONT_NAME_BYTES:
            return False
        name = self._name.raw[:length]
        if name not in self._bold_names:
            self._bold_names[name] = _BOLD_NAME.search(name) is not None
        return self._bold_names[name]


def _line(text: str, first: _Edges, last: _Edges, turn: int, bold: bool, hyphen: bool) -> TextLine:  # noqa: FBT001 (as above)
    """Return a line between its first and its last letter, as high as the higher one's font."""
    if turn:
        first, last = _upright(first, turn), _upright(last, turn)
    y, height = first[1], first[3] - first[1]
    if last[3] - last[1] > height:
        y, height = last[1], last[3] - last[1]
    x0, x1 = first[0], last[2]
    if not max(abs(x0), abs(y), abs(x1), abs(height)) < _FARTHEST:  # no number at all is not less than any, either
        x0 = y = x1 = height = 0.0
    return TextLine(text, x0, y, x1, height, turn, hyphen, bold)


def _upright(edges: _Edges, turn: int) -> _Edges:
    """Return the edges of a letter as they are when the page is turned back by so many quarters."""
    left, bottom, right, top = edges
    if turn == 1:
        return bottom, -right, top, -left
    if turn == 2:
        return -right, -top, -left, -bottom
    if turn == 3:
        return -top, left, -bottom, right
    return edges


def _text(handle: Any, count: int) -> str:
    """Return the letters of a page, one for each of PDFium's, so that a place in it is the number of a letter.

    What takes two units of UTF-16 has two numbers; its halves are put together when a line is made.
    """
    units = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(handle, 0, count, units) - 1
    if written == count:
        text = bytes(units)[: 2 * count].decode("utf-16-le", errors="surrogatepass")
        return text if len(text) == count else "".join(map(chr, units[:count]))
    # Some letters have no meaning: ask for them one by one.
    codes = (pdfium.FPDFText_GetUnicode(handle, number) for number in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 else "\ufffd" for code in codes)


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_CLEANED).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


_CLEANED = {
    **dict.fromkeys(range(32), " "), 0xFFFE: "-", 0x02: "-", 0xA0: " ", 0xAD: None, 0x200B: None, 0xFEFF: None,
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
}  # fmt: skip
"""Ligatures are written out, so that their words are found; what nobody sees goes."""
