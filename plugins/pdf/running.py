"""Finds what stands at the head or foot of page after page: running titles, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from plugins.pdf.lines import Line

_EDGE = 2
"""Lines from the top and from the bottom that may be repeated ones."""
_LEAST_PAGES = 3
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")

Key = tuple[bool, int, str]


class RepeatedLines:
    """Knows which lines at the edges are on several of the pages that were lately seen."""

    def __init__(self) -> None:
        self._pages: Counter[Key] = Counter()
        self._kept: set[str] = set()

    def seen(self, lines: Sequence[Line]) -> None:
        """Take a page's lines into account."""
        self._pages.update({_key(line, at_top=at_top) for line, at_top in _edges(lines)})

    def forget(self, lines: Sequence[Line]) -> None:
        """Take them out of account again."""
        self._pages.subtract({_key(line, at_top=at_top) for line, at_top in _edges(lines)})

    def without(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines without the repeated ones. A running title is kept where it is met first, a number never."""
        dropped = {id(line) for line, at_top in _edges(lines) if self._is_repeated(line, at_top=at_top)}
        return [line for line in lines if id(line) not in dropped] if dropped else list(lines)

    def _is_repeated(self, line: Line, *, at_top: bool) -> bool:
        if self._pages[_key(line, at_top=at_top)] < _LEAST_PAGES:
            return False
        text = _NUMBER.sub("", line.text).strip(" -–—|./of")
        if any(letter.isalpha() for letter in text) and line.text not in self._kept and not _NUMBER.search(line.text):
            self._kept.add(line.text)
            return False
        return True


def _edges(lines: Sequence[Line]) -> Iterable[tuple[Line, bool]]:
    """Yield the lines that stand highest and lowest, and whether it is at the top."""
    upright = [line for line in lines if line.turn == 0]
    heights = sorted({round(line.y) for line in upright})
    if len(heights) <= _EDGE:
        return
    lowest, highest = heights[_EDGE - 1], heights[-_EDGE]
    for line in upright:
        height = round(line.y)
        if height <= lowest or height >= highest:
            yield line, height >= highest


def _key(line: Line, *, at_top: bool) -> Key:
    return at_top, round(line.y / 4), _NUMBER.sub("#", line.text)
