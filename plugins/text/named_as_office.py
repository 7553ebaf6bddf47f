"""Reads what programs call .doc or .xls though it is something else: pages, XML of Office 2003, tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.reading import Piece, ReadItem
from plugins.text.encoding import decode
from plugins.text.html import read_html
from plugins.text.markup import name_sections
from plugins.text.office.package import local_name, parse_xml
from plugins.text.options import TextOptions
from plugins.text.plain import read_plain
from plugins.text.table_rows import name_cells
from plugins.text.word.chunks import read_chunk

if TYPE_CHECKING:
    from lxml.etree import _Element

_PEEKED: Final = 4096
_PAGE: Final = re.compile(rb"<html|<table|<!doctype html", re.IGNORECASE)
_PACKED: Final = re.compile(rb"(?:MIME-Version|Date|From|Content-Type):", re.IGNORECASE)
_XML: Final = re.compile(rb"<\?xml[^>]{0,200}>")
_SS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_DELIMITERS: Final = "\t;,"
_LAST_COLUMN: Final = 16_384


def read_as_document(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield what is in a file that is called .doc: a page, a page packed as a mail, XML of Word 2003, or words."""
    data = path.read_bytes()
    head = data[:_PEEKED].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _PACKED.match(head) and (page := read_chunk(data)) is not None:
        yield from name_sections(page)
    elif _XML.match(head) and not _PAGE.search(head) and b"word" in head.lower():
        yield from (Piece(text) for text in _paragraphs(parse_xml(data)))
    else:
        yield from (read_html if _PAGE.search(head) else read_plain)(path, options)


def read_as_workbook(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield what is in a file that is called .xls: a page with tables, XML of Excel 2003, or lines of cells."""
    data = path.read_bytes()
    head = data[:_PEEKED].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _XML.match(head) and b"<Workbook" in head:
        for sheet in parse_xml(data).iter(f"{_SS}Worksheet"):
            yield from name_cells(_rows(sheet), str(sheet.get(f"{_SS}Name", "")))
    elif _PAGE.search(head):
        yield from read_html(path, options)
    else:
        yield from name_cells(_lines(decode(data)), path.stem)


def _paragraphs(root: _Element) -> Iterator[str]:
    """Yield the paragraphs of a document in one XML file."""
    for element in root.iter():
        if local_name(element) == "p":
            text = "".join(part.text or "" for part in element.iter() if local_name(part) == "t").strip()
            if text:
                yield text


def _rows(sheet: _Element) -> Iterator[tuple[int, Mapping[int, str]]]:
    number = 0
    for row in sheet.iter(f"{_SS}Row"):
        number = _index(row, number)
        column, cells = 0, dict[int, str]()
        for cell in row.iterfind(f"{_SS}Cell"):
            column = _index(cell, column)
            data = cell.find(f"{_SS}Data")
            text = " ".join("".join(map(str, data.itertext())).split()) if data is not None else ""
            if text and column <= _LAST_COLUMN:
                cells[column] = text
        if cells and row.get(f"{_SS}Hidden") != "1":
            yield number, cells


def _index(element: _Element, last: int) -> int:
    """Return where a row or a cell stands: behind the last one, unless it says so."""
    told = str(element.get(f"{_SS}Index", ""))
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 8 else last + 1


def _lines(text: str) -> Iterator[tuple[int, Mapping[int, str]]]:
    lines = text.splitlines()
    first = lines[0] if lines else ""
    delimiter = max(_DELIMITERS, key=first.count)
    for number, row in enumerate(csv.reader(lines, delimiter=delimiter), 1):
        cells = {at: cell.strip() for at, cell in enumerate(row) if cell.strip()}
        if cells:
            yield number, cells
