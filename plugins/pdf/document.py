"""Reads a PDF file from the first page to the last, a few of them in memory at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdf

from bot.errors import FileUnreadable
from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext
from plugins.pdf.columns import Row, order_for_reading
from plugins.pdf.headings import Heading, HeadingOutline, Sizes
from plugins.pdf.metadata import describe_attachments, read_about
from plugins.pdf.ocr import Ocr
from plugins.pdf.opening import is_cut_off, open_pdf
from plugins.pdf.options import PdfOptions
from plugins.pdf.pages import Page
from plugins.pdf.paragraphs import collect_known_words, join_paragraphs, usual_step
from plugins.pdf.running_titles import RepeatedLines
from plugins.pdf.sections import OpenHeadings
from plugins.pdf.unread import Unread
from plugins.pdf.workers import PageJob, WorkerDied, read_pages

_NEIGHBOURS = 4
"""Pages before and after one that show which of its lines are repeated, and how large text is."""
_PROGRESS = 10
"""Pages from one word of progress to the next."""
_OUT_OF_TIME = -24
"""The exit code of a process that Linux or macOS ended for its processor time (SIGXCPU)."""


def read_document(path: Path, options: PdfOptions) -> Iterator[ReadItem]:
    """Yield what is in a PDF file. Raises FileUnreadable and PasswordNeeded."""
    with open_pdf(path, options.password) as document:
        yield read_about(document)
        yield from _DocumentReading(path, document, options).items()


class _DocumentReading:
    """The state of reading one file."""

    def __init__(self, path: Path, document: pdf.PdfDocument, options: PdfOptions) -> None:
        self._path = path
        self._document = document
        self._options = options
        self._count = min(len(document), options.most_pages)
        self._outline = HeadingOutline(document)
        self._sizes = Sizes()
        self._repeated = RepeatedLines()
        self._sections = OpenHeadings()
        self._ocr = Ocr(options.most_ocr_pages if options.ocr else 0)
        self._unread = Unread(path.name)

    def items(self) -> Iterator[ReadItem]:
        """Yield the pieces with the progress, and at the end what is to be told."""
        for page in self._with_neighbours():
            yield from self._pieces(page)
            if (page.index + 1) % _PROGRESS == 0 or page.index + 1 == self._count or page.is_picture:
                yield Progress(page.index + 1, self._count, "pages")
        yield from self._sections.end()
        notes = tuple(self._notes())
        if not self._sections.pieces:
            raise FileUnreadable(self._unread.nothing(self._ocr.missing, notes))
        yield About(notes=notes)

    def _with_neighbours(self) -> Iterator[Page]:
        """Yield the pages, each when those after it are known and those long before it are forgotten."""
        ahead: deque[Page] = deque()
        behind: deque[Page] = deque()
        pages = self._pages()
        for index in range(self._count + _NEIGHBOURS):
            if index < self._count:
                page = next(pages)
                self._repeated.add(page)
                self._sizes.add(page.lines)
                ahead.append(page)
            if index >= _NEIGHBOURS and ahead:
                behind.append(ahead.popleft())
                yield behind[-1]
            if len(behind) > _NEIGHBOURS:
                self._repeated.forget(behind.popleft())

    def _pages(self) -> Iterator[Page]:
        options = self._options
        job = PageJob(self._path, options.password, self._count, options.most_letters_per_page)
        try:
            for page in read_pages(self._document, job):
                if page.is_picture:
                    lines = self._ocr.lines(self._document, page.index)
                    page.lines, page.is_unread = lines or page.lines, not lines
                self._unread.note(page)
                yield page
        except WorkerDied as death:
            if death.exit_code == _OUT_OF_TIME:
                raise FileUnreadable(gettext("{name} takes too long to read.", name=self._path.name)) from death
            raise FileUnreadable(
                gettext(
                    "{name} can't be read: its reader crashed over it. The file may be damaged.", name=self._path.name
                )
            ) from death

    def _pieces(self, page: Page) -> Iterator[Piece]:
        lines = page.lines if self._options.repeated_lines else self._repeated.without(page)
        rows = order_for_reading(lines)
        locator, link, step = f"p. {page.label}", self._link(page), usual_step(rows)
        known = collect_known_words(lines)
        start, headings = self._headings(page, rows)
        for heading in start:
            yield from self._sections.enter(heading, locator, link)
        part: list[Row] = []
        for number, row in enumerate(rows):
            if number not in headings:
                part.append(row)
                continue
            yield from self._text(page, join_paragraphs(part, step, known), locator, link)
            part = []
            heading_here = headings[number]
            if heading_here is not None:
                yield from self._sections.enter(heading_here, locator, link)
        text = "\n\n".join(each for each in (join_paragraphs(part, step, known), "\n".join(page.notes)) if each)
        yield from self._text(page, text, locator, link)

    def _text(self, page: Page, text: str, locator: str, link: str | None) -> Iterator[Piece]:
        if text:
            for each in page.links:
                text = each.show_links_in(text)
            yield self._sections.piece(text, locator, link)

    def _headings(self, page: Page, rows: Sequence[Row]) -> tuple[list[Heading], dict[int, Heading | None]]:
        if self._outline.is_there:
            return self._outline.on(page.index, rows)
        return [], self._sizes.headings(rows)

    def _link(self, page: Page) -> str | None:
        address = self._options.address
        return None if address is None else f"{address.partition('#')[0]}#page={page.index + 1}"

    def _notes(self) -> Iterator[str]:
        yield from self._unread.notes(self._ocr.missing)
        if len(self._document) > self._count:
            yield f"Only the first {self._count:,} of its {len(self._document):,} pages were read."
        if is_cut_off(self._path):
            yield "The file is cut off; what is there of it was read."
        note = describe_attachments(self._document)
        if note is not None:
            yield note
