"""Reads Word documents: paragraphs, lists and tables, under their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import FileUnreadable
from bot.reading import About, Piece, ReadItem, extra
from plugins.text.damage import raise_only_unreadable
from plugins.text.markup import MarkupOutline
from plugins.text.options import TextOptions
from plugins.text.zipped import check_zip

if TYPE_CHECKING:
    from docx.table import Table

_HEADING = re.compile(r"heading ([1-9])\Z", re.IGNORECASE)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_COLUMNS = 63
_OLE = b"\xd0\xcf\x11\xe0"


@raise_only_unreadable("a Word document")
def read_docx(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield the paragraphs and tables of a document in their order, and what it says of itself."""
    with extra("documents"):
        import docx  # noqa: PLC0415 (an extra)
        from docx.text.paragraph import Paragraph  # noqa: PLC0415 (as above)
    refuse_old_office(path)
    check_zip(path, options.most_megabytes)
    document = docx.Document(str(path))
    _bound_spans(document.element.body)
    yield about_of(document.core_properties)
    outline = MarkupOutline()
    for each in document.iter_inner_content():
        if not isinstance(each, Paragraph):
            yield from _rows(each, outline)
            continue
        level, text = _level(each), each.text.strip()
        if text and level:
            outline.enter(level, text)
        elif text:
            yield Piece(text, outline.locator(), outline.headings)


def _bound_spans(body: Any) -> None:
    """Let no cell span more columns than Word has: the library makes each of them."""
    for element in body.iter(f"{_WORD}gridSpan", f"{_WORD}gridBefore", f"{_WORD}gridAfter"):
        told = str(element.get(f"{_WORD}val", ""))
        if not (told.isdecimal() and len(told) < 3 and int(told) <= _MOST_COLUMNS):
            element.set(f"{_WORD}val", str(_MOST_COLUMNS))


def refuse_old_office(path: Path) -> None:
    """Raise FileUnreadable for the container of old Office files, in which encrypted new ones come as well."""
    with path.open("rb") as file:
        if file.read(4) != _OLE:
            return
        encrypted = "EncryptedPackage".encode("utf-16-le") in file.read(1 << 20)
    if encrypted:
        raise FileUnreadable(f"{path.name} is encrypted; save it without a password and send it again.")
    raise FileUnreadable(f"{path.name} is of an Office before 2007; save it in the newer format and send it again.")


def about_of(properties: Any) -> About:
    """Return what an Office file says of itself; its times are in UTC, by its specification."""
    made: datetime | None = properties.created
    return About(
        title=properties.title or None,
        author=properties.author or None,
        created_at=made.replace(tzinfo=UTC) if made is not None and made.tzinfo is None else made,
        language=properties.language or None,
    )


def _level(paragraph: Any) -> int:
    """Return a paragraph's level as a heading, by the name of its style in any program's English; 0 for none."""
    name = str(paragraph.style.name if paragraph.style is not None else "")
    if name.casefold() == "title":
        return 1
    match = _HEADING.match(name)
    return int(match[1]) if match else 0


def _rows(table: Table, outline: MarkupOutline) -> Iterator[Piece]:
    """Yield a table's rows; a cell that spans several columns is said once."""
    for row in table.rows:
        cells = list(dict.fromkeys((cell._tc, " ".join(cell.text.split())) for cell in row.cells))  # noqa: SLF001 (which tells a spanning cell from an equal one)
        if text := " | ".join(text for _, text in cells).strip("| "):
            yield Piece(text, outline.locator(), outline.headings)
