"""Tells headings from text: by the file's own outline, else by the size and weight of the letters."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdf

from plugins.pdf.columns import Row
from plugins.pdf.lines import TextLine

_MOST_BOOKMARKS = 20_000
_LEAST_BOOKMARKS = 2
_DEEPEST = 10
_LARGER = 1.18
"""A heading's letters are higher than the text's by this factor."""
_LONGEST = 150
_CLOSE = 1.35
_NUMBERED = re.compile(r"(?:\d{1,3}\.)*\d{1,3}\.?\s")
_ENDS_LIKE_TEXT = (".", ",", ";", ":", "…")
_NO_LETTER = re.compile(r"[\W_]+")

Rank = tuple[float, int]
"""Sorts headings: the lower, the further out."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that begins at some line."""

    text: str
    rank: Rank


class HeadingOutline:
    """The bookmarks of a file, by page."""

    def __init__(self, document: pdf.PdfDocument) -> None:
        self._pages: defaultdict[int, list[Heading]] = defaultdict(list)
        count = 0
        for mark in islice(document.get_toc(max_depth=_DEEPEST), _MOST_BOOKMARKS):
            place = mark.get_dest()
            index = place.get_index() if place is not None else None
            title = " ".join(mark.get_title().split())[:_LONGEST]
            if index is not None and title:
                self._pages[index].append(Heading(title, (mark.level, 0)))
                count += 1
        self.is_there = count >= _LEAST_BOOKMARKS

    def on(self, index: int, rows: Sequence[Row]) -> tuple[list[Heading], dict[int, Heading | None]]:
        """Return the headings of a page: those that begin it, and those that stand in a row, by the row's number."""
        at_start: list[Heading] = []
        in_rows: dict[int, Heading | None] = {}
        next_row = 0
        for heading in self._pages.get(index, ()):
            wanted = _letters(heading.text)
            found = next((n for n in range(next_row, len(rows)) if _is_title(rows[n], wanted)), None)
            if found is not None:
                in_rows[found] = heading
                next_row = found + 1
            elif not in_rows:
                at_start.append(heading)
        return at_start, in_rows


class Sizes:
    """The sizes of letters in a file, as far as it is read; most letters are text."""

    def __init__(self) -> None:
        self._letters: Counter[float] = Counter()
        self._bold: Counter[bool] = Counter()

    def add(self, lines: Iterable[TextLine]) -> None:
        """Take a page's lines into account."""
        for line in lines:
            self._letters[round(line.height * 2) / 2] += len(line.text)
            self._bold[line.bold] += len(line.text)

    def headings(self, rows: Sequence[Row]) -> dict[int, Heading | None]:
        """Return the headings among a page's rows, by the number of the row; None for one that goes on in that row."""
        if not self._letters:
            return {}
        text_height = self._letters.most_common(1)[0][0]
        bold_tells = self._bold[True] < self._bold[False]
        found: dict[int, Heading | None] = {}
        first = 0
        for number, row in enumerate(rows):
            line = row[0]
            if line.height <= _LARGER * text_height and not (bold_tells and line.bold and _stands_out(rows, number)):
                continue
            if len(row) > 1 or not _may_be_heading(line.text):
                continue
            heading = Heading(line.text, (-round(line.height), _depth(line.text)))
            above = found.get(first)
            if above is not None and number - 1 in found and _goes_on(rows[number - 1][0], line):
                found[first], found[number] = Heading(f"{above.text} {line.text}", above.rank), None
            else:
                found[number], first = heading, number
        return found


def _goes_on(above: TextLine, line: TextLine) -> bool:
    """Tell whether two headings are one that was too long for its line."""
    return (
        abs(above.height - line.height) < 0.05 * line.height
        and 0 < above.y - line.y < _CLOSE * line.height
        and not _NUMBERED.match(line.text)
    )


def _stands_out(rows: Sequence[Row], number: int) -> bool:
    """Tell whether a bold line is not part of bold text: it ends unlike text, and what follows is not bold."""
    following = rows[number + 1][0] if number + 1 < len(rows) else None
    return not rows[number][0].text.endswith(_ENDS_LIKE_TEXT) and (following is None or not following.bold)


def _may_be_heading(text: str) -> bool:
    return len(text) <= _LONGEST and any(letter.isalpha() for letter in text) and not text.endswith((",", ";"))


def _depth(text: str) -> int:
    """Return how deep a number such as "2.1.3" says that a heading is."""
    found = _NUMBERED.match(text)
    return found.group().strip(". ").count(".") if found else 0


def _is_title(row: Row, wanted: str) -> bool:
    said = _letters(" ".join(line.text for line in row))
    return bool(said) and (said == wanted or (said.endswith(wanted) and len(said) < len(wanted) + 12))


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()
