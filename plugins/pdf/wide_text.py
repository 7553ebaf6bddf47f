"""Text that PDFium writes into a buffer as UTF-16."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

_MOST_BYTES = 20_000


def write_wide_text(write: Callable[[Any, int], int]) -> str:
    """Return what `write(buffer, size)` writes, on one line; without a buffer it says how many bytes it needs."""
    size = min(write(None, 0), _MOST_BYTES)
    if size <= 2:  # nothing but the zero at the end
        return ""
    units = (pdfium.FPDF_WCHAR * (size // 2 + 1))()
    write(units, size)
    return " ".join(bytes(units)[:size].decode("utf-16-le", errors="ignore").split("\0", 1)[0].split())
