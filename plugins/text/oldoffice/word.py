"""The text of a Word 97 to 2003 document, by its pieces ([MS-DOC], 2.4.1 and 2.4.6)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_MAGIC = 0xA5EC
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_LENGTHS, _CHARACTERS, _PIECES = 0x4C, 0xFA, 0x1A2
_PAGE = 512
_VANISH, _DELETED = 0x083C, 0x0800
_OPERANDS = (1, 1, 2, 4, 2, 2, -1, 3)
"""Bytes behind a property, by three bits of its number; -1: the next byte says."""
_STORIES = ("", "footnotes", "headers", "", "comments", "endnotes", "text boxes")
_MOST_CHARACTERS = 50_000_000


class EncryptedDocumentError(ValueError):
    """Raised for a document that needs a password."""


@dataclass(frozen=True, slots=True)
class DocumentStory:
    """A part of the document; the name of its body is "", of others "footnotes", "headers" and so on."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Stories:
    """What is in a document, and how many characters of it were deleted or are hidden."""

    stories: tuple[DocumentStory, ...]
    hidden: int


def table_name(main: bytes) -> str:
    """Return the name of the stream that says where the text is. Raises ValueError for what is no such document."""
    magic, flags = _short(main, 0), _short(main, 0x0A)
    if magic != _MAGIC:
        raise ValueError("it is of a Word before 1997")
    if flags & _ENCRYPTED:
        raise EncryptedDocumentError
    return "1Table" if flags & _SECOND_TABLE else "0Table"


def read_stories(main: bytes, table: bytes) -> Stories:
    """Return the texts of a document. Raises ValueError, struct.error."""
    gone = _Gone(main, table)
    letters: list[str] = []
    hidden = 0
    for start, count, compressed in _pieces(main, table):
        width = 1 if compressed else 2
        text = main[start : start + count * width].decode("cp1252" if compressed else "utf-16-le", errors="replace")
        for at, end, is_gone in gone.stretches(start, start + count * width):
            part = text[(at - start) // width : (end - start) // width]
            hidden += is_gone and bool(part.strip())
            letters.append("\0" * len(part) if is_gone else part)
    whole = "".join(letters)
    lengths = struct.unpack_from("<7i", main, _LENGTHS)
    stories, at = [], 0
    for name, length in zip(_STORIES, lengths, strict=True):
        if length > 0:
            stories.append(DocumentStory(name, whole[at : at + length].replace("\0", "")))
            at += length
    return Stories(tuple(stories), hidden)


def _pieces(main: bytes, table: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where each piece of the text begins in the file, how many characters it has, and whether each is a byte."""
    offset, size = struct.unpack_from("<II", main, _PIECES)
    complex_part = table[offset : offset + size]
    at = 0
    while at < len(complex_part) and complex_part[at] == 1:  # properties, of which none matters here
        at += 3 + _short(complex_part, at + 1)
    if at >= len(complex_part) or complex_part[at] != 2:
        raise ValueError("its pieces can't be found")
    length = _long(complex_part, at + 1)
    plc = complex_part[at + 5 : at + 5 + length]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc, 0)
    if ends[-1] > _MOST_CHARACTERS:
        raise ValueError("it says that it is longer than a document can be")
    for number in range(count):
        place = _long(plc, 4 * (count + 1) + 8 * number + 2)
        compressed = bool(place & 0x40000000)
        start = (place & 0x3FFFFFFF) // 2 if compressed else place & 0x3FFFFFFF
        yield start, max(ends[number + 1] - ends[number], 0), compressed


class _Gone:
    """Where in the file letters are that were deleted with changes tracked, or are hidden."""

    def __init__(self, main: bytes, table: bytes) -> None:
        self._runs = sorted(self._read(main, table))
        self._starts = [start for start, _ in self._runs]

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Yield the stretches between two places, with whether each is gone."""
        at = start
        while at < end:
            number = bisect_right(self._starts, at) - 1
            if number >= 0 and at < self._runs[number][1]:
                stop = min(self._runs[number][1], end)
                yield at, stop, True
            else:
                stop = min(self._starts[number + 1], end) if number + 1 < len(self._starts) else end
                yield at, stop, False
            at = stop

    def _read(self, main: bytes, table: bytes) -> Iterator[tuple[int, int]]:
        offset, size = struct.unpack_from("<II", main, _CHARACTERS)
        plc = table[offset : offset + size]
        count = max((len(plc) - 4) // 8, 0)
        for number in range(count):
            page_at = (_long(plc, 4 * (count + 1) + 4 * number) & 0x3FFFFF) * _PAGE
            page = main[page_at : page_at + _PAGE]
            if len(page) == _PAGE:
                yield from self._page(page)

    def _page(self, page: bytes) -> Iterator[tuple[int, int]]:
        runs = page[-1]
        if 4 * (runs + 1) + runs >= _PAGE:
            return
        places = struct.unpack_from(f"<{runs + 1}I", page, 0)
        for number in range(runs):
            at = page[4 * (runs + 1) + number] * 2
            if at and _hides(page[at + 1 : at + 1 + page[at]]) and places[number + 1] > places[number]:
                yield places[number], places[number + 1]


def _hides(properties: bytes) -> bool:
    at = 0
    while at + 2 < len(properties):
        name = _short(properties, at)
        size = _OPERANDS[name >> 13]
        size = properties[at + 2] + 1 if size < 0 else size
        if name in (_VANISH, _DELETED) and properties[at + 2] == 1:
            return True
        at += 2 + size
    return False


def _short(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _long(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
