"""What a reader has told, as one text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from bot.reading import Piece


def whole_text(pieces: Iterable[Piece]) -> str:
    """Return the text of pieces in their order, each heading once, where its section begins."""
    parts: list[str] = []
    before: tuple[str, ...] = ()
    for piece in pieces:
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, piece.headings, strict=False))))
        parts += [*piece.headings[shared:], piece.text]
        before = piece.headings
    return "\n".join(parts)
