"""Loads a PDF file into PDFium; light to import, for every process that reads pages does."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdf
import pypdfium2.raw as pdfium

_FORMS = (pdfium.FORMTYPE_ACRO_FORM, pdfium.FORMTYPE_XFA_FOREGROUND)


def load(path: Path, password: str | None) -> pdf.PdfDocument:
    """Return the file, ready to be asked for its form's fields. Raises PdfiumError."""
    document = pdf.PdfDocument(path, password=password)
    if document.get_formtype() in _FORMS:
        document.init_forms()
    return document


def label(document: pdf.PdfDocument, index: int) -> str:
    """Return what a page is called ("iv", "A-3"), by default its number."""
    return document.get_page_label(index).strip()[:20] or str(index + 1)
