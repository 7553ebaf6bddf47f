"""Keeps the headings that are open while a file is read, and makes pieces of what stands under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading import Piece
from plugins.pdf.headings import Heading


@dataclass(slots=True)
class _Open:
    heading: Heading
    locator: str
    link: str | None
    is_empty: bool = True


class OpenHeadings:
    """The headings that the text now read stands under, from the outermost."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self.pieces = 0

    def enter(self, heading: Heading, locator: str, link: str | None) -> Iterator[Piece]:
        """Begin a section. A section that ends with nothing in it leaves its heading as a piece."""
        yield from self._leave(
            next((n for n, each in enumerate(self._open) if not each.heading.rank < heading.rank), None)
        )
        self._open.append(_Open(heading, locator, link))

    def piece(self, text: str, locator: str, link: str | None) -> Piece:
        """Return a piece under the open headings."""
        for each in self._open:
            each.is_empty = False
        self.pieces += 1
        return Piece(text, locator, self._titles(), link)

    def end(self) -> Iterator[Piece]:
        """End all sections."""
        yield from self._leave(0)

    def _leave(self, number: int | None) -> Iterator[Piece]:
        if number is None:
            return
        left, self._open = self._open[number:], self._open[:number]
        if left and left[-1].is_empty:
            titles = [each.heading.text for each in left]
            for each in self._open:
                each.is_empty = False
            self.pieces += 1
            outer = (*self._titles(), *titles[:-1])
            yield Piece(titles[-1], left[-1].locator, outer, left[-1].link)

    def _titles(self) -> tuple[str, ...]:
        return tuple(each.heading.text for each in self._open)
