"""The lines of a text file, whatever it is encoded in."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

_BLOCK = 1 << 20
_LONGEST_LINE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
_PEEKED = 4096


def encoding_of(path: Path) -> str:
    """Return what a text file is encoded in: as its mark says, else UTF-8 if it is all that, else Windows' Western.

    Raises ValueError when it is no text, OSError.
    """
    with path.open("rb") as file:
        head = file.read(_PEEKED)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        if head[:1] and head.count(0) * 3 > len(head):  # UTF-16 without a mark: every second byte of it is zero
            return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        if 0 in head:
            raise ValueError("it is no text")
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _WESTERN
    return "utf-8"


def decoded_lines(path: Path) -> Iterator[str]:
    """Yield the lines with their ends; what can't be decoded becomes "�", and zeros are left out.

    Raises ValueError when it is no text, or when a line has no end, OSError.
    """
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as file:
        number = 0
        while line := file.readline(_LONGEST_LINE + 1):
            number += 1
            if len(line) > _LONGEST_LINE:
                raise ValueError(f"line {number} is longer than {_LONGEST_LINE:,} characters")
            yield line.replace("\0", "")
