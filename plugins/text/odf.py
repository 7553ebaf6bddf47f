"""Reads OpenDocument files, LibreOffice's own: texts, presentations and workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from bot.errors import FileUnreadable
from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.left_out import LeftOut
from plugins.text.markup import name_sections
from plugins.text.office.package import parse_xml
from plugins.text.opendocument.content import ContentReader
from plugins.text.opendocument.names import DC, DRAW, OFFICE, PRESENTATION, STYLE, TABLE, Hiding
from plugins.text.options import TextOptions
from plugins.text.table_rows import name_cells
from plugins.text.zipped import check_zip

if TYPE_CHECKING:
    from lxml.etree import _Element

_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"


@raise_only_unreadable(gettext_noop("an OpenDocument file"))
def read_odf(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield what is in a file as LibreOffice shows it; what it hides is left out."""
    check_zip(path, options.most_megabytes)
    with ZipFile(path) as archive:
        _refuse_encrypted(path, archive)
        yield _about(_part(archive, "meta.xml"))
        styles, root = _part(archive, "styles.xml"), parse_xml(archive.read("content.xml"))
        left_out = LeftOut()
        reading = _Reading(Hiding((styles, root)), left_out)
        for edge in _edges(styles, "header"):
            yield from reading.edge(edge, "header")
        body = root.find(f"{OFFICE}body")
        for part in body if body is not None else ():
            yield from reading.part(part)
        for edge in _edges(styles, "footer"):
            yield from reading.edge(edge, "footer")
        if notes := left_out.notes():
            yield About(notes=notes)


class _Reading:
    """Reads the body, by what kind of document it is."""

    def __init__(self, hiding: Hiding, left_out: LeftOut) -> None:
        self._hiding = hiding
        self._left_out = left_out
        self._content = ContentReader(hiding, left_out)

    def part(self, part: _Element) -> Iterator[ReadItem]:
        """Yield a text, the slides of a presentation, or the sheets of a workbook."""
        if part.tag == f"{OFFICE}presentation":
            return self._slides(list(part.iterfind(f"{DRAW}page")))
        if part.tag == f"{OFFICE}spreadsheet":
            return self._sheets(list(part.iterfind(f"{TABLE}table")))
        return self._text(part)

    def edge(self, edge: _Element, kind: str) -> Iterator[Piece]:
        """Yield a header or footer; a mere page number is left out."""
        text = self._content.text(edge)
        if any(letter.isalpha() for letter in text):
            yield Piece(text, kind)

    def _text(self, part: _Element) -> Iterator[Piece]:
        return name_sections(self._content.blocks(part))

    def _slides(self, slides: list[_Element]) -> Iterator[ReadItem]:
        for number, slide in enumerate(slides, 1):
            if self._hiding.hides(slide):
                self._left_out.add("hidden slide")
                continue
            titles = [each for each in slide if each.get(f"{PRESENTATION}class") == "title"]
            title = " ".join(self._content.text([each]) for each in titles)
            lines = [block.text for block in self._content.blocks([each for each in slide if each not in titles])]
            for notes in slide.iterfind(f"{PRESENTATION}notes"):
                boxes = [each for each in notes if each.get(f"{PRESENTATION}class") == "notes"]
                lines += [f"Notes: {text}"] if (text := self._content.text(boxes)) else []
            if lines:
                yield Piece("\n".join(lines), f"slide {number}", (title,) if title else ())
            elif title:
                yield Piece(title, f"slide {number}")
            yield Progress(number, len(slides), "slides")

    def _sheets(self, sheets: list[_Element]) -> Iterator[ReadItem]:
        for number, sheet in enumerate(sheets, 1):
            if self._hiding.hides(sheet):
                self._left_out.add("hidden sheet")
                continue
            yield from name_cells(self._content.rows(sheet), " ".join(str(sheet.get(f"{TABLE}name", "")).split()))
            yield Progress(number, len(sheets), "sheets")


def _edges(styles: _Element | None, kind: str) -> Iterator[_Element]:
    return iter(styles.iter(f"{STYLE}{kind}")) if styles is not None else iter(())


def _part(archive: ZipFile, name: str) -> _Element | None:
    return parse_xml(archive.read(name)) if name in archive.namelist() else None


def _refuse_encrypted(path: Path, archive: ZipFile) -> None:
    name = "META-INF/manifest.xml"
    if name in archive.namelist() and b"encryption-data" in archive.read(name):
        raise FileUnreadable(
            gettext("{name} is encrypted; save it without a password and send it again.", name=path.name)
        )


def _about(meta: _Element | None) -> About:
    if meta is None:
        return About()
    made = next((each.text or "" for each in meta.iter(f"{_META}creation-date")), "")
    author = next((each.text for each in meta.iter(f"{_META}initial-creator", f"{DC}creator")), None)
    title = next((each.text for each in meta.iter(f"{DC}title")), None)
    try:
        created = datetime.fromisoformat(made[:26])
    except ValueError:
        return About(title=title, author=author)
    return About(title=title, author=author, created_at=created if created.tzinfo else created.replace(tzinfo=UTC))
