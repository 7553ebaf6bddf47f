"""What a text is encoded in: its mark, what it declares, UTF-8 if it is that, else the likeliest by its letters."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from bot.errors import FileUnreadable
from bot.reading import extra

_PEEKED = 1 << 18
_LONGEST_LINE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes, declared: str | None = None) -> str:
    """Return a text, what can't be decoded as "�"; `declared` is believed where it can be."""
    return data.decode(_encoding(data, declared), errors="replace")


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers, from 1, without their ends.

    A line without end comes in parts of the same number. Raises FileUnreadable for what is no text.
    """
    with path.open("rb") as file:
        head = file.read(_PEEKED)
    encoding = _encoding(head)
    if not encoding.startswith(("utf-16", "utf-32")) and _is_binary(head):
        raise FileUnreadable(f"{path.name} is no text.")
    with path.open(encoding=encoding, errors="replace") as file:
        number = 1
        while line := file.readline(_LONGEST_LINE):
            yield number, line.rstrip("\n").replace("\0", "")
            number += line.endswith("\n")


def whole(path: Path) -> str:
    """Return a file as one text. Raises FileUnreadable for what is no text."""
    return "\n".join(line for _, line in lines_of(path))


def _encoding(data: bytes, declared: str | None = None) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if declared is not None and _is(data, declared):
        return declared
    if _is(data[:_PEEKED], "utf-8"):
        return "utf-8"
    if (zeros := data[:4096].count(0)) * 3 > len(data[:4096]):  # UTF-16 without a mark: every second byte of it is zero
        return "utf-16-le" if data[1:4096:2].count(0) * 2 > zeros else "utf-16-be"
    with extra("documents"):
        from charset_normalizer import from_bytes  # noqa: PLC0415 (only for old files)
    best = from_bytes(data[:_PEEKED]).best()
    return best.encoding if best is not None else "cp1252"


def _is(data: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)  # the last character may be cut off
    except (LookupError, UnicodeError):
        return False
    return True


def _is_binary(head: bytes) -> bool:
    strange = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b\x08" for byte in head[:4096])
    return strange * 20 > min(len(head), 4096)
