"""What limits where a text is seen: clipping paths, and layers that can be switched off."""

from __future__ import annotations

import ctypes

import pypdfium2.raw as pdfium

from plugins.pdf.boxes import Box
from plugins.pdf.pdfium_calls import clip_of_object, count_marks, count_paths

_MOST_PATHS, _MOST_POINTS = 16, 64
_LAYER = "OC".encode("utf-16-le") + b"\0\0"
_ROOM = 32
"""Bytes for the name of a mark; that of a layer takes six."""


def clip_of(handle: int) -> Box | None:
    """Return the box outside of which nothing of a page's object is seen; None where nothing limits it."""
    address = clip_of_object(handle) or 0
    count = count_paths(address) if address else 0
    if count <= 0:
        return None
    clip = ctypes.cast(address, pdfium.FPDF_CLIPPATH)
    seen: Box | None = None
    for path in range(min(count, _MOST_PATHS)):
        box = _box_of_path(clip, path)
        seen = box if seen is None or box is None else seen.cut(box)
    return seen


def _box_of_path(clip: pdfium.FPDF_CLIPPATH, path: int) -> Box | None:
    count = pdfium.FPDFClipPath_CountPathSegments(clip, path)
    if not 0 < count <= _MOST_POINTS:
        return None
    across, up = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for number in range(count):
        segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, number)
        if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, across, up):
            return None
        points.append((across.value, up.value))
    left, bottom = (min(point[at] for point in points) for at in (0, 1))
    right, top = (max(point[at] for point in points) for at in (0, 1))
    return Box(left, bottom, right, top)


def is_on_a_layer(handle: int) -> bool:
    """Whether an object belongs to a layer, which may be switched off: optional content, ISO 32000-1, 8.11."""
    marks = count_marks(handle)
    if marks <= 0:
        return False
    shape = ctypes.cast(handle, pdfium.FPDF_PAGEOBJECT)
    name, length = ctypes.create_string_buffer(_ROOM), ctypes.c_ulong()
    for number in range(marks):
        mark = pdfium.FPDFPageObj_GetMark(shape, number)
        buffer = ctypes.cast(name, ctypes.POINTER(pdfium.FPDF_WCHAR))
        if mark and pdfium.FPDFPageObjMark_GetName(mark, buffer, _ROOM, length) and name.raw.startswith(_LAYER):
            return True
    return False
