"""Cuts a piece that is too long for one line of the pipe, at the best place there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.reading.child_protocol import LONGEST_TEXT
from bot.reading.pieces import Piece, ReadItem

_BREAKS = ("\n\n", "\n", ". ", " ")


def split_long(item: ReadItem) -> Iterator[ReadItem]:
    """Yield the item, a long text in parts of at most LONGEST_TEXT characters. Raises TypeError for others."""
    if not isinstance(item, Piece):
        if not isinstance(item, ReadItem):
            raise TypeError(f"a reader yields Piece, About, Progress and Enclosed, not {type(item).__name__}")
        yield item
        return
    text = item.text
    while len(text) > LONGEST_TEXT:
        cut = _cut(text)
        yield replace(item, text=text[:cut])
        text = text[cut:]
    yield replace(item, text=text)


def _cut(text: str) -> int:
    """Return where to cut: behind the last paragraph that fits, else line, sentence or word, else in a word."""
    for mark in _BREAKS:
        found = text.rfind(mark, LONGEST_TEXT // 2, LONGEST_TEXT)
        if found > 0:
            return found + len(mark)
    return LONGEST_TEXT
