"""PDF files written by hand, object by object, for what no library would write."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a file of these objects, numbered from 1; the first one is the catalogue."""
    said = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(said))
        said += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(said)
    said += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    said += b"".join(b"%010d 00000 n \n" % place for place in places)
    said += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(said)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def deflated(content: bytes, entries: bytes = b"") -> bytes:
    """Return a compressed stream object."""
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode " + entries)


def page_of(content: int, font: int) -> bytes:
    """Return a page object with the numbers of its content and its font; its parent is number 2."""
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
        b"/Resources << /Font << /F1 %d 0 R >> >> >>" % (content, font)
    )


def one_page(content: bytes, *more: bytes, page: bytes = b"", font: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    """Return a file of one page with this content stream object; further objects have numbers from 6."""
    return pdf_of(
        [
            CATALOGUE,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> %s >>"
            % (box, page),
            content,
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica %s >>" % font,
            *more,
        ]
    )


def saying(text: bytes) -> bytes:
    """Return a content stream object that writes one line."""
    return stream(b"BT /F1 12 Tf 60 700 Td (%s) Tj ET" % text)


def to_unicode(letters: dict[int, str]) -> bytes:
    """Return a ToUnicode map object that gives the letters of a font another meaning."""
    rows = b"".join(
        b"<%02x> <%s>\n" % (code, text.encode("utf-16-be").hex().encode()) for code, text in letters.items()
    )
    return stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap end end"
        % (len(letters), rows)
    )
