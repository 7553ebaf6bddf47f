"""The lines of a text, whatever it is encoded in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.errors import FileUnreadable
from bot.reading import detect_encoding, detect_file_encoding
from bot.translation import gettext

_PEEKED = 4096
_LONGEST_LINE = 1 << 20


def decode(data: bytes, declared: str | None = None) -> str:
    """Return a text, what can't be decoded as "�"; `declared` is believed where it can be."""
    return data.decode(detect_encoding(data, declared), errors="replace")


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers, from 1, without their ends.

    A line without end comes in parts of the same number. Raises FileUnreadable for what is not text.
    """
    with path.open("rb") as file:
        head = file.read(_PEEKED)
    encoding = detect_file_encoding(path)
    if not encoding.startswith(("utf-16", "utf-32")) and _is_binary(head):
        raise FileUnreadable(gettext("{name} is not text.", name=path.name))
    with path.open(encoding=encoding, errors="replace") as file:
        number = 1
        while line := file.readline(_LONGEST_LINE):
            yield number, line.rstrip("\n").replace("\0", "")
            number += line.endswith("\n")


def whole(path: Path) -> str:
    """Return a file as one text. Raises FileUnreadable for what is not text."""
    return "\n".join(line for _, line in lines_of(path))


def _is_binary(head: bytes) -> bool:
    strange = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b\x08" for byte in head[:4096])
    return strange * 20 > min(len(head), 4096)
