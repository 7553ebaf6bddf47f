"""Finds what stands at the head or foot of page after page: running titles, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median

from plugins.pdf.lines import TextLine
from plugins.pdf.pages import Page

_EDGE = 2
"""Lines from the top and from the bottom that may be repeated ones."""
_LEAST_PAGES = 3
_MOST_NUMBERS = 4
_HEADING = 1.3
"""Lines whose letters are higher than most by this factor are headings, which may be alike."""
_NUMBER = re.compile(r"\d{1,6}")

Key = tuple[int, str]
"""A height on the page, and a text in which a number may be replaced by what it adds to the page's own."""


class RepeatedLines:
    """Knows which lines at the edges are on several of the pages that were lately seen.

    Numbers must be the same or go up with the pages: the figures of a table that runs over many pages do neither.
    """

    def __init__(self) -> None:
        self._edges: dict[int, list[tuple[TextLine, list[Key]]]] = {}
        self._pages: Counter[Key] = Counter()
        self._said: set[str] = set()

    def add(self, page: Page) -> None:
        """Take a page's lines into account."""
        edges = [(line, list(_keys(line, page))) for line in _edges(page)]
        self._edges[page.index] = edges
        self._pages.update({key for _, keys in edges for key in keys})

    def forget(self, page: Page) -> None:
        """Take them out of account again."""
        for key in {key for _, keys in self._edges.pop(page.index) for key in keys}:
            self._pages[key] -= 1
            if not self._pages[key]:
                del self._pages[key]

    def without(self, page: Page) -> list[TextLine]:
        """Return the lines without the repeated ones. What is the same on all pages is kept where it is met first."""
        dropped = {id(line) for line, keys in self._edges[page.index] if self._is_repeated(line, keys)}
        return [line for line in page.lines if id(line) not in dropped] if dropped else page.lines

    def _is_repeated(self, line: TextLine, keys: list[Key]) -> bool:
        same, *numbered = keys
        if any(self._pages[key] >= _LEAST_PAGES for key in numbered):
            return True
        if self._pages[same] < _LEAST_PAGES:
            return False
        is_known = line.text in self._said
        self._said.add(line.text)
        return is_known


def _edges(page: Page) -> Iterator[TextLine]:
    """Yield the lines that stand highest and lowest, but for headings."""
    upright = [line for line in page.lines if line.turn == 0]
    heights = sorted({round(line.y) for line in upright})
    if len(heights) <= 2 * _EDGE:
        return
    lowest, highest = heights[_EDGE - 1], heights[-_EDGE]
    most = _HEADING * median(line.height for line in upright)
    for line in upright:
        if not lowest < round(line.y) < highest and line.height <= most:
            yield line


def _keys(line: TextLine, page: Page) -> Iterator[Key]:
    """Yield what the line has in common with its like: all of it, or all but a number that goes up with the pages."""
    height = round(line.y / 4)
    yield height, line.text
    if line.text.casefold() == page.label.casefold():
        yield height, "#"
    for found in list(_NUMBER.finditer(line.text))[:_MOST_NUMBERS]:
        more = int(found.group()) - page.index
        yield height, f"{line.text[: found.start()]}#{more:+}{line.text[found.end() :]}"
