"""PDFium's functions that are called for each line or word, in half the time of the general way to call them."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium


def get_address(handle: Any) -> int:
    """Return a handle of PDFium's as a plain address."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _direct(function: Any, *arguments: Any, result: Any = ctypes.c_int) -> Any:
    """Return the same function; it takes handles and buffers as plain addresses, and keeps the interpreter's lock."""
    return ctypes.PYFUNCTYPE(result, ctypes.c_void_p, *arguments)(get_address(function))


box_of_letter = _direct(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p)
"""(page, letter, address of an FS_RECTF) -> success."""
is_made_up = _direct(pdfium.FPDFText_IsGenerated, ctypes.c_int)
"""(page, letter) -> 1 when the letter, a space, is not in the file."""
count_stretches = _direct(pdfium.FPDFText_CountRects, ctypes.c_int, ctypes.c_int)
"""(page, first letter, how many) -> in how many goes they were written."""
angle_of_letter = _direct(pdfium.FPDFText_GetCharAngle, ctypes.c_int, result=ctypes.c_float)
"""(page, letter) -> radians, clockwise."""
object_of_letter = _direct(pdfium.FPDFText_GetTextObject, ctypes.c_int, result=ctypes.c_void_p)
"""(page, letter) -> address of the object that it was written with, None when it is made up."""
font_of_letter = _direct(
    pdfium.FPDFText_GetFontInfo, ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p, result=ctypes.c_ulong
)
"""(page, letter, address of a buffer, its size, None) -> bytes of the font's name."""
object_of_page = _direct(pdfium.FPDFPage_GetObject, ctypes.c_int, result=ctypes.c_void_p)
"""(page, number) -> address of the object; None when there is none."""
kind_of_object = _direct(pdfium.FPDFPageObj_GetType)
"""(object) -> whether it is a text, a path, a picture …"""
clip_of_object = _direct(pdfium.FPDFPageObj_GetClipPath, result=ctypes.c_void_p)
"""(object) -> address of what it is clipped by."""
count_paths = _direct(pdfium.FPDFClipPath_CountPaths)
"""(clip) -> how many paths clip it; -1 when none does."""
count_marks = _direct(pdfium.FPDFPageObj_CountMarks)
"""(object) -> how many marks it has."""
