"""Reads books in EPUB, chapter by chapter in the order of their spine."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote
from zipfile import ZipFile

from bot.errors import FileUnreadable
from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import decode
from plugins.text.markup import MarkupOutline, blocks, parse
from plugins.text.options import TextOptions
from plugins.text.zipped import check_zip

if TYPE_CHECKING:
    from lxml.etree import _Element

_FONT_MANGLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html")


@raise_only_unreadable(gettext_noop("an EPUB book"))
def read_epub(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield the text of each chapter under its headings, and who wrote the book. Raises FileUnreadable when locked."""
    check_zip(path, options.most_megabytes)
    with ZipFile(path) as book:
        _refuse_locked(path, book)
        package = _package(book)
        root = _xml(book.read(package))
        yield About(
            title=_read_text(root, "title"), author=_read_text(root, "creator"), language=_read_text(root, "language")
        )
        names = list(dict.fromkeys(_spine(root, posixpath.dirname(package))))  # one may be named without end
        chapter = 0
        for done, name in enumerate(names, 1):
            pieces = list(_chapter(book, name, chapter + 1))
            chapter += bool(pieces)
            yield from pieces
            yield Progress(done, len(names), "chapters")
        yield Progress(chapter, chapter, "chapters")


def _chapter(book: ZipFile, name: str, number: int) -> Iterator[Piece]:
    if name not in book.namelist():
        return
    root = parse(decode(book.read(name), "utf-8"))
    outline = MarkupOutline()
    for block in blocks(root) if root is not None else ():
        if block.level:
            outline.enter(block.level, block.text)
        else:
            yield Piece(block.text, f"chapter {number}", outline.headings)


def _refuse_locked(path: Path, book: ZipFile) -> None:
    """Raise FileUnreadable for a book whose text is encrypted; only its fonts may be."""
    if "META-INF/encryption.xml" not in book.namelist():
        return
    methods = _xml(book.read("META-INF/encryption.xml")).xpath("//@Algorithm")
    if any(method not in _FONT_MANGLING for method in methods):
        raise FileUnreadable(gettext("{name} is locked by its seller (DRM), so I can't read it.", name=path.name))


def _package(book: ZipFile) -> str:
    (name, *_) = _xml(book.read("META-INF/container.xml")).xpath("//*[local-name()='rootfile']/@full-path")
    return str(name)


def _spine(root: _Element, folder: str) -> Iterator[str]:
    """Yield the names of the book's pages, in reading order."""
    items = {
        item.get("id"): item.get("href", "")
        for item in root.xpath("//*[local-name()='item']")
        if item.get("media-type") in _PAGES
    }
    for reference in root.xpath("//*[local-name()='itemref']/@idref"):
        if reference in items:
            yield posixpath.normpath(posixpath.join(folder, unquote(items[reference])))


def _read_text(root: _Element, name: str) -> str | None:
    found = root.xpath(f"string(//*[local-name()='metadata']/*[local-name()='{name}'])")
    return " ".join(str(found).split())[:300] or None


def _xml(data: bytes) -> _Element:
    """Parse XML that may be hostile: entities stay what they are, and nothing is fetched."""
    from lxml import etree  # noqa: PLC0415 (in the child alone)

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    return etree.fromstring(data, parser)
