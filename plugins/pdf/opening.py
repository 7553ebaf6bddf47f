"""Opens a PDF file, or says in a sentence why that can't be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdf
import pypdfium2.raw as pdfium

from bot.errors import FileUnreadable, PasswordNeeded
from bot.translation import gettext
from plugins.pdf.loading import load

_HEAD = 1024
"""Bytes at the start within which a PDF says that it is one."""
_TAIL = 2048


@contextmanager
def open_pdf(path: Path, password: str | None) -> Iterator[pdf.PdfDocument]:
    """Open the file for the time of the block; form fields can be read. Raises FileUnreadable and PasswordNeeded."""
    _check(path)
    try:
        document = load(path, password)
    except pdf.PdfiumError as error:
        raise _reason(path.name, error.err_code, password) from error
    try:
        yield document
    finally:
        document.close()


def is_cut_off(path: Path) -> bool:
    """Tell whether the mark at the end is missing: then the file was most likely not copied to its end."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return b"%%EOF" not in file.read()


def _check(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise FileUnreadable(gettext("{name} is empty.", name=path.name))
    if b"%PDF-" not in head:
        raise FileUnreadable(gettext("{name} is not a PDF file, whatever its name says.", name=path.name))


def _reason(name: str, code: int | None, password: str | None) -> FileUnreadable:
    if code == pdfium.FPDF_ERR_PASSWORD:
        if password is None:
            return PasswordNeeded(gettext("{name} is encrypted: I need its password.", name=name))
        return PasswordNeeded(gettext("That is not the password of {name}.", name=name))
    if code == pdfium.FPDF_ERR_SECURITY:
        return FileUnreadable(gettext("{name} is encrypted in a way that I can't read.", name=name))
    return FileUnreadable(gettext("{name} can't be read: it is damaged, incomplete, or has no pages.", name=name))
