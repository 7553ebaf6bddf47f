"""The function that reads a PDF file in a child process; light to import, as the library is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.reading import ReadItem
from plugins.pdf.options import PdfOptions


def read_pdf(path: Path, options: PdfOptions) -> Iterator[ReadItem]:
    """Yield the text of a PDF file in pieces that name their page and the headings above them.

    Raises FileUnreadable when it is damaged, empty, no PDF, or has no text; PasswordNeeded when it is encrypted and the
    password is missing or wrong.
    """
    from plugins.pdf.document import read_document  # noqa: PLC0415 (imports PDFium, in the child alone)

    yield from read_document(path, options)
