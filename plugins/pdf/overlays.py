"""What is painted over the text of a page: bars that black it out, and white ones that hide it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from plugins.pdf.boxes import Box
from plugins.pdf.pdfium_calls import get_address, kind_of_object, object_of_page

if TYPE_CHECKING:
    import pypdfium2 as pdf

_MOST_OBJECTS = 20_000
_MOST_COVERS = 1000
_THIN = 3.0
"""Points; what is lower or narrower is a line."""
_OPAQUE = 230


class Overlays:
    """The filled shapes and pictures of a page, and which texts were painted before each.

    `are_there` says whether there is anything that was painted after a text: on most pages there is not.
    """

    def __init__(self, page: pdf.PdfPage) -> None:
        self._order: dict[int, int] = {}
        later: list[tuple[int, int, int]] = []
        address = get_address(page.raw)
        count = pdfium.FPDFPage_CountObjects(page)
        for number in range(count if count <= _MOST_OBJECTS else 0):
            handle = object_of_page(address, number) or 0
            kind = kind_of_object(handle)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._order[handle] = number
            elif self._order and kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
                later.append((number, handle, kind))
        self._covers = [(each[0], box) for each in later[-_MOST_COVERS:] for box in _find_painted(*each[1:])]
        self.are_there = bool(self._covers)

    def knows(self, handle: int) -> bool:
        """Whether a text stands on the page itself, and not in a form with coordinates of its own."""
        return handle in self._order

    def over(self, handle: int, place: Box) -> Box | None:
        """Return what was painted later than a text where some of it stands: that part which takes most of it."""
        order = self._order.get(handle)
        if order is None:
            return None
        parts = [box.cut(place) for number, box in self._covers if number > order and box.meets(place)]
        return max(parts, key=lambda part: part.area, default=None)


def _find_painted(handle: int, kind: int) -> Iterator[Box]:
    """Yield where a shape or picture paints over what is there."""
    shape = ctypes.cast(handle, pdfium.FPDF_PAGEOBJECT)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        parts = [ctypes.c_uint() for _ in range(4)]
        if not pdfium.FPDFPath_GetDrawMode(shape, fill, stroke) or fill.value == pdfium.FPDF_FILLMODE_NONE:
            return
        if pdfium.FPDFPageObj_GetFillColor(shape, *parts) and parts[3].value < _OPAQUE:
            return
    sides = [ctypes.c_float() for _ in range(4)]
    if pdfium.FPDFPageObj_GetBounds(shape, *sides):
        box = Box(*(side.value for side in sides))
        if box.right - box.left >= _THIN and box.top - box.bottom >= _THIN:
            yield box
