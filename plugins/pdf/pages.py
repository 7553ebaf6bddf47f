"""Takes from a page all that is in it: lines, links, notes; or finds that it is a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdf
import pypdfium2.raw as pdfium

from plugins.pdf.annotations import Link, links, notes_and_fields
from plugins.pdf.lines import TextLine, TextPage
from plugins.pdf.loading import label
from plugins.pdf.visibility import blank_hidden

_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")
_MOST_UNKNOWN = 0.3
"""The share of letters without meaning from which on a page's text is not usable."""
_HARDLY_ANY = 80
"""Letters on a scanned page: a number, or the name of a program."""
_COVERED = 0.5
"""The share of a page that the picture of a scanned one takes at least."""
_MANY_PATHS = 50
_MOST_OBJECTS = 500
_DEEPEST = 3


@dataclass(slots=True)
class Page:
    """What is on a page. `is_picture` says that there is something to see, and hardly any text that could be read.

    `is_unread` says that no text was found in the picture, either. `hidden` counts the texts that nobody can see.
    """

    index: int
    label: str
    lines: list[TextLine] = field(default_factory=list)
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    is_picture: bool = False
    is_unread: bool = False
    is_cut: bool = False
    is_damaged: bool = False
    hidden: int = 0


def read_page(document: pdf.PdfDocument, index: int, most_letters: int) -> Page:
    """Return what is on a page; one that PDFium can't make out is marked as damaged."""
    result = Page(index, label(document, index))
    try:
        page = document[index]
    except pdf.PdfiumError:
        result.is_damaged = True
        return result
    try:
        text = page.get_textpage()
        try:
            _fill(result, document, page, text, most_letters)
        finally:
            text.close()
    except pdf.PdfiumError:
        result.is_damaged = True
    finally:
        page.close()
    return result


def _fill(result: Page, document: pdf.PdfDocument, page: pdf.PdfPage, text: pdf.PdfTextPage, most_letters: int) -> None:
    found = TextPage(text.raw, most_letters)
    result.is_cut = found.is_cut
    found.text, result.hidden = blank_hidden(page, text, found.text, lambda: _is_covered(page))
    text_length = len(found.text.strip())
    if text_length and _is_unknown(found.text):
        result.is_picture = True
    elif text_length:
        result.lines = found.lines()
        result.is_picture = text_length < _HARDLY_ANY and _is_covered(page)
    else:
        result.is_picture = _has_picture(page)
    if pdfium.FPDFPage_GetAnnotCount(page) > 0:
        result.links = tuple(links(document, page, text))
        result.notes = tuple(notes_and_fields(document, page))


def _is_unknown(text: str) -> bool:
    """Tell whether the letters are mere shapes: their font does not say what they mean."""
    return len(_UNKNOWN.findall(text)) > _MOST_UNKNOWN * len("".join(text.split()))


def _has_picture(page: pdf.PdfPage) -> bool:
    paths = 0
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        kind = pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, number))
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            return True
        paths += kind == pdfium.FPDF_PAGEOBJ_PATH
    return paths >= _MANY_PATHS


def _is_covered(page: pdf.PdfPage) -> bool:
    """Tell whether one picture takes most of the page."""
    return any(_area(each) > _COVERED * page.get_width() * page.get_height() for each in _images(page))


def _images(page: pdf.PdfPage) -> Iterator[pdf.PdfObject]:
    images: Iterator[pdf.PdfObject] = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST)
    return images


def _area(image: pdf.PdfObject) -> float:
    left, bottom, right, top = image.get_bounds()
    area: float = (right - left) * (top - bottom)
    return area
