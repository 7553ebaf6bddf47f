"""What lies upon a page's text: links, notes, and the fields of a form."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdf
import pypdfium2.raw as pdfium

from plugins.pdf.wide_text import write_wide_text

_MOST = 1000
_LONGEST = 10_000
_SCHEMES = ("http://", "https://", "mailto:", "ftp://")
_NOTES = {pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_UNDERLINE,
          pdfium.FPDF_ANNOT_STRIKEOUT, pdfium.FPDF_ANNOT_SQUIGGLY, pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_CARET,
          pdfium.FPDF_ANNOT_INK, pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_CIRCLE}  # fmt: skip
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13
"""A flag of text fields, by ISO 32000, 12.7.4.3: what is typed is shown as dots."""
_TICKED = {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of text that leads somewhere."""

    text: str
    address: str

    def show_links_in(self, text: str) -> str:
        """Return the text with the address behind the words that lead there, unless it can be read there already."""
        plain = self.address.partition(":")[2].strip("/")
        if not self.text or plain in text:
            return text
        found = re.search(rf"\w*{re.escape(self.text)}\w*", text)
        return text if found is None else f"{text[: found.end()]} ({self.address}){text[found.end() :]}"


def links(document: pdf.PdfDocument, page: pdf.PdfPage, text: pdf.PdfTextPage) -> Iterator[Link]:
    """Yield the links of a page that lead out of the file."""
    place, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    for _ in range(_MOST):
        if not pdfium.FPDFLink_Enumerate(page, place, link):
            return
        action = pdfium.FPDFLink_GetAction(link)
        box = pdfium.FS_RECTF()
        if not action or not pdfium.FPDFLink_GetAnnotRect(link, box):
            continue
        size = min(pdfium.FPDFAction_GetURIPath(document, action, None, 0), _LONGEST)
        buffer = ctypes.create_string_buffer(size + 1)
        pdfium.FPDFAction_GetURIPath(document, action, buffer, size)
        address = buffer.value.decode(errors="replace").strip()
        if address.casefold().startswith(_SCHEMES):
            said = text.get_text_bounded(box.left, box.bottom, box.right, box.top)
            yield Link(" ".join(said.split()), address)


def notes_and_fields(document: pdf.PdfDocument, page: pdf.PdfPage) -> Iterator[str]:
    """Yield a line for each note on a page ("Note by Ada: …") and each field that is filled in ("Name: Ada")."""
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            line = ""
            if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
                continue
            if kind == pdfium.FPDF_ANNOT_WIDGET and document.formenv is not None:
                line = _field(document.formenv, annotation)
            elif kind in _NOTES:
                line = _note(annotation)
            if line:
                yield line
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _note(annotation: Any) -> str:
    said = _value(annotation, b"Contents")
    author = _value(annotation, b"T")
    return f"Note by {author}: {said}" if said and author else said and f"Note: {said}"


def _field(form: pdf.PdfFormEnv, annotation: Any) -> str:
    def ask(function: Callable[..., int]) -> str:
        return write_wide_text(lambda buffer, size: function(form, annotation, buffer, size))

    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    name = ask(pdfium.FPDFAnnot_GetFormFieldAlternateName) or ask(pdfium.FPDFAnnot_GetFormFieldName)
    if kind in _TICKED:
        if not pdfium.FPDFAnnot_IsChecked(form, annotation):
            return ""
        chosen = ask(pdfium.FPDFAnnot_GetFormFieldExportValue) if kind == pdfium.FPDF_FORMFIELD_RADIOBUTTON else ""
        return f"{name}: {chosen or 'yes'}"
    if kind == pdfium.FPDF_FORMFIELD_TEXTFIELD and pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    value = ask(pdfium.FPDFAnnot_GetFormFieldValue)
    return f"{name}: {value}" if value else ""


def _value(annotation: Any, key: bytes) -> str:
    return write_wide_text(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size))
