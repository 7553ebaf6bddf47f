"""Keeps count of the pages that could not be read, and says so in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.reading import install_command
from bot.translation import gettext, ngettext
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
            told = ngettext(
                "{pages} is a picture and was not read.",
                "{pages} are pictures and were not read.",
                len(self._pictures),
                pages=_name_pages(self._pictures),
            )
            yield f"{told} {ocr}" if ocr else told
        if self._damaged:
            yield ngettext(
                "{pages} was damaged and not read.",
                "{pages} were damaged and not read.",
                len(self._damaged),
                pages=_name_pages(self._damaged),
            )
        if self._cut:
            yield ngettext(
                "{pages} was read in part: so much text is on no real page.",
                "{pages} were read in part: so much text is on no real page.",
                len(self._cut),
                pages=_name_pages(self._cut),
            )
        if self._hidden:
            yield ngettext("{number} hidden text was left out.", "{number} hidden texts were left out.", self._hidden)

    def nothing(self, ocr: str | None, notes: Sequence[str]) -> str:
        """Return what to say of a file that no text came of."""
        if len(self._pictures) == self._pages:
            told = gettext("{name} can't be read: its pages are pictures.", name=self._name)
            return f"{told} {ocr}" if ocr else told
        return " ".join([gettext("{name} holds no text.", name=self._name), *notes])


def _name_pages(pages: Sequence[int]) -> str:
    """Return "Page 3", or "Pages 3–7 and 9"."""
    spans = [[page for _, page in group] for _, group in groupby(enumerate(pages), lambda each: each[1] - each[0])]
    names = [str(span[0]) if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in spans]
    listed = names[0]
    if len(names) > 1:
        listed = gettext("{pages} and {last}", pages=", ".join(names[:-1]), last=names[-1])
    return ngettext("Page {pages}", "Pages {pages}", len(pages), pages=listed)
