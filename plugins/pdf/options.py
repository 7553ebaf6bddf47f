"""How a PDF file is to be read."""

from __future__ import annotations

from dataclasses import dataclass

MOST_WORKERS = 4
"""Processes that read the pages of a long file side by side."""


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """What is needed to read one file, writable as JSON for the process that does.

    `address` is where the file is on the web, so that pages can be linked to. `repeated_lines` keeps what stands at the
    head or foot of page after page. `ocr` reads pages that are pictures, if the extra is installed, `most_ocr_pages`
    of them at most.
    """

    password: str | None = None
    address: str | None = None
    most_pages: int = 5000
    most_letters_per_page: int = 200_000
    repeated_lines: bool = False
    ocr: bool = True
    most_ocr_pages: int = 200
