"""Which letters of a page nobody sees: white, tiny, covered, clipped, off the page. Orders to models hide there."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator

import pypdfium2 as pdf
import pypdfium2.raw as pdfium

from plugins.pdf.boxes import Box
from plugins.pdf.clips import clip_of, is_on_a_layer
from plugins.pdf.overlays import Overlays
from plugins.pdf.pdfium_calls import box_of_letter, get_address, object_of_letter

_LINE = re.compile(r"[^\s](?:[^\r\n]*[^\s])?")
_WORD = re.compile(r"\S+")
_TINY, _TINY_SHARE = 3.0, 1 / 200
"""Points, and the share of the page's height; smaller letters are for nobody's eyes."""
_LIGHT = 225
_TRANSPARENT = 25
_CONTRAST = 24
"""The difference between the lightest and darkest spot, of 255, below which nothing is seen."""
_INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_SEEN, _LIT, _COVERED, _NOWHERE = range(4)
_MOSTLY = 0.6
"""The share of a word's room that a bar over it takes."""
_EDGE = 1.0
"""Points at the edge of such a bar where it and its surroundings run into each other."""
_MOST_PIXELS = 4_000_000
_SCALE = 2.0


class Visibility:
    """Judges the words of one page.

    `has_scan` is asked whether a picture covers it: then unpainted text is what was recognised in the picture.
    """

    def __init__(self, page: pdf.PdfPage, text: pdf.PdfTextPage, has_scan: Callable[[], bool]) -> None:
        self._page = page
        self._text = get_address(text.raw)
        self._has_scan = has_scan
        self._overlays = Overlays(page)
        self._known: dict[int, int] = {}
        self._clips: dict[int, Box | None] = {}
        self._rectangle = pdfium.FS_RECTF()
        self._rectangle_at = ctypes.addressof(self._rectangle)
        left, bottom, right, top = page.get_bbox()
        self._edges = Box(left, bottom, right, top)
        self._tiny = min(_TINY, abs(top - bottom) * _TINY_SHARE)
        self._picture: _Picture | None = None

    def hidden(self, letters: str) -> Iterator[tuple[int, int]]:
        """Yield from where to where letters can't be seen; `letters` has one for each of PDFium's."""
        for line in _LINE.finditer(letters):
            start, end = line.span()
            if not self._is_seen_whole(start, end):
                yield from self._hidden_within(letters, start, end)

    def _is_seen_whole(self, start: int, end: int) -> bool:
        """Whether a line was written at one go, where and so that it is seen: nearly all are."""
        handle = object_of_letter(self._text, start)
        return (
            handle == object_of_letter(self._text, end - 1)
            and self._kind(start) == _SEEN
            and not self._is_clipped(handle or 0, end - 1)
            and self._cover(start, end) is None
            and self._is_in_sight(start)
            and self._is_in_sight(end - 1)
        )

    def _hidden_within(self, letters: str, begins: int, ends: int) -> Iterator[tuple[int, int]]:
        for word in _WORD.finditer(letters, begins, ends):
            start, end = word.span()
            first, last = self._kind(start), self._kind(end - 1)
            if first == last == _SEEN:
                if not self._is_in_sight(start) and not self._is_in_sight(end - 1):
                    yield start, end
            elif first == last:
                if self._is_lost(first, start, end):
                    yield start, end
            else:
                yield from self._each(start, end)

    def _each(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        for number in range(start, end):
            if self._is_lost(self._kind(number), number, number + 1):
                yield number, number + 1

    def _is_lost(self, kind: int, start: int, end: int) -> bool:
        if kind == _COVERED:
            return self._is_painted_over(start, end)
        return kind == _NOWHERE or (kind == _LIT and not self._stands_out(start, end))

    def _kind(self, number: int) -> int:
        """Return whether a letter is seen by its colour, is light, may be painted over, or is not painted at all."""
        handle = object_of_letter(self._text, number) or 0
        if not handle:
            return _SEEN
        if handle not in self._known:
            self._known[handle] = self._judge(handle)
        kind = self._known[handle]
        if kind == _SEEN and self._is_clipped(handle, number):
            return _LIT
        return _COVERED if kind == _SEEN and self._cover(number, number + 1) is not None else kind

    def _judge(self, handle: int) -> int:
        shape = ctypes.cast(handle, pdfium.FPDF_PAGEOBJECT)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(shape)
        if mode in _INVISIBLE:
            return _SEEN if self._has_scan() else _NOWHERE
        if mode not in (pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_CLIP):
            return _SEEN  # its outline is drawn
        parts = [ctypes.c_uint() for _ in range(4)]
        if not pdfium.FPDFPageObj_GetFillColor(shape, *parts):
            return _SEEN
        red, green, blue, alpha = (part.value for part in parts)
        if alpha < _TRANSPARENT:
            return _SEEN if self._has_scan() else _NOWHERE
        return _LIT if min(red, green, blue) >= _LIGHT or is_on_a_layer(handle) else _SEEN

    def _is_clipped(self, handle: int, number: int) -> bool:
        """Whether a letter lies outside of what the page lets be seen of its text; the painted page decides."""
        if handle not in self._clips:
            self._clips[handle] = clip_of(handle) if self._overlays.knows(handle) else None
        clip = self._clips[handle]
        box = self._box(number) if clip is not None else None
        return clip is not None and box is not None and not clip.meets(box)

    def _is_in_sight(self, number: int) -> bool:
        box, edges = self._box(number), self._edges
        if box is None:
            return True
        inside = box.left < edges.right and box.right > edges.left and box.bottom < edges.top and box.top > edges.bottom
        return inside and max(box.top - box.bottom, box.right - box.left) >= self._tiny

    def _stands_out(self, start: int, end: int) -> bool:
        """Whether letters differ from what is around them: the page is painted to find out."""
        if self._picture is None:
            self._picture = _Picture(self._page)
        boxes = [box for number in (start, end - 1) if (box := self._box(number)) is not None]
        if not boxes or not self._is_in_sight(start):
            return False
        return self._picture.contrast(boxes[0], boxes[-1]) >= _CONTRAST

    def _cover(self, start: int, end: int) -> Box | None:
        """Return what was painted over some letters of a text."""
        if not self._overlays.are_there:
            return None
        one, other = self._box(start), self._box(end - 1)
        if one is None or other is None:
            return None
        return self._overlays.over(object_of_letter(self._text, start) or 0, one.join(other))

    def _is_painted_over(self, start: int, end: int) -> bool:
        """Whether a bar or a picture hides letters; text below the picture of a scan is what was recognised in it."""
        cover, one, other = self._cover(start, end), self._box(start), self._box(end - 1)
        if cover is None or one is None or other is None or self._has_scan():
            return False
        if self._picture is None:
            self._picture = _Picture(self._page)
        inside = cover.shrink(_EDGE)
        return cover.area >= _MOSTLY * one.join(other).area and self._picture.contrast(inside, inside) < _CONTRAST

    def _box(self, number: int) -> Box | None:
        if not box_of_letter(self._text, number, self._rectangle_at):
            return None
        found = self._rectangle
        return Box(found.left, found.bottom, found.right, found.top)


class _Picture:
    """A page as it is seen, in grey."""

    def __init__(self, page: pdf.PdfPage) -> None:
        self._page = page
        width, height = page.get_size()
        scale = min(_SCALE, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._pixels = bytes(bitmap.buffer)
        bitmap.close()

    def contrast(self, one: Box, other: Box) -> int:
        """Return the difference between the lightest and the darkest spot where a word stands."""
        corners = [self._place(x, y) for box in (one, other) for x, y in ((box.left, box.bottom), (box.right, box.top))]
        left, right = (max(0, min(pick(x for x, _ in corners), self._width - 1)) for pick in (min, max))
        top, bottom = (max(0, min(pick(y for _, y in corners), self._height - 1)) for pick in (min, max))
        rows = (self._pixels[y * self._stride + left : y * self._stride + right + 1] for y in range(top, bottom + 1))
        spots = b"".join(rows)
        return max(spots) - min(spots) if spots else 0

    def _place(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self._page.raw, 0, 0, self._width, self._height, 0, x, y, across, down)
        return across.value, down.value


def _blank(letters: str, spans: Iterator[tuple[int, int]]) -> tuple[str, int]:
    """Return letters of which some were replaced by ends of lines, and in how many places."""
    parts: list[str] = []
    at = places = 0
    for start, end in spans:
        if start > at + 1 or not parts:
            places += 1
        parts.append(letters[at:start] + "\n" * (end - start))
        at = end
    return ("".join(parts) + letters[at:], places) if parts else (letters, 0)


def blank_hidden(
    page: pdf.PdfPage, text: pdf.PdfTextPage, letters: str, has_scan: Callable[[], bool]
) -> tuple[str, int]:
    """Return the letters of a page without those that nobody sees, and how many stretches of those there were."""
    return _blank(letters, Visibility(page, text, has_scan).hidden(letters))
