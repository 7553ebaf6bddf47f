"""The lines of a text file, whatever it is encoded in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.reading import detect_file_encoding

_LONGEST_LINE = 1 << 20
_PEEKED = 4096


def decode_lines(path: Path) -> Iterator[str]:
    """Yield the lines with their ends; what can't be decoded becomes "�", and zeros are left out.

    Raises ValueError when it is not text, or when a line has no end, OSError.
    """
    encoding = detect_file_encoding(path)
    with path.open("rb") as file:
        if 0 in file.read(_PEEKED) and not encoding.startswith(("utf-16", "utf-32")):
            raise ValueError("it is not text")
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        number = 0
        while line := file.readline(_LONGEST_LINE + 1):
            number += 1
            if len(line) > _LONGEST_LINE:
                raise ValueError(f"line {number} is longer than {_LONGEST_LINE:,} characters")
            yield line.replace("\0", "")
