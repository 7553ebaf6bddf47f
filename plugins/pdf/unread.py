"""Keeps count of the pages that could not be read, and says so in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.reading import install_command
from plugins.pdf.pages import Page

INSTALL_OCR = install_command("ocr")


class Unread:
    """The pages of a file that were not read, or not wholly, by what was the matter."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._pages = 0
        self._pictures: list[int] = []
        self._damaged: list[int] = []
        self._cut: list[int] = []
        self._hidden = 0

    def note(self, page: Page) -> None:
        """Look at a page that has been read."""
        number = page.index + 1
        self._pages += 1
        self._hidden += page.hidden
        if page.is_unread:
            self._pictures.append(number)
        if page.is_damaged:
            self._damaged.append(number)
        if page.is_cut:
            self._cut.append(number)

    def notes(self, ocr: str | None) -> Iterator[str]:
        """Yield a sentence for each thing that was the matter; `ocr` says why no text was sought in pictures."""
        if self._pictures:
            one = len(self._pictures) == 1
            said = "is a picture and was" if one else "are pictures and were"
            yield f"{_name_pages(self._pictures)} {said} not read.{f' {ocr}' if ocr else ''}"
        if self._damaged:
            yield f"{_name_pages(self._damaged)} {_was_or_were(self._damaged)} damaged and not read."
        if self._cut:
            yield f"{_name_pages(self._cut)} {_was_or_were(self._cut)} read in part: so much text is on no real page."
        if self._hidden:
            yield f"{self._hidden:,} hidden {'text was' if self._hidden == 1 else 'texts were'} left out."

    def nothing(self, ocr: str | None, notes: Sequence[str]) -> str:
        """Return what to say of a file that no text came of."""
        if len(self._pictures) == self._pages:
            return f"{self._name} can't be read: its pages are pictures.{f' {ocr}' if ocr else ''}"
        return " ".join([f"{self._name} holds no text.", *notes])


def _was_or_were(pages: Sequence[int]) -> str:
    return "was" if len(pages) == 1 else "were"


def _name_pages(pages: Sequence[int]) -> str:
    """Return "Page 3", or "Pages 3–7 and 9"."""
    spans = [[page for _, page in group] for _, group in groupby(enumerate(pages), lambda each: each[1] - each[0])]
    names = [str(span[0]) if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in spans]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{'Page' if len(pages) == 1 else 'Pages'} {listed}"
