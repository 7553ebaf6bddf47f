"""Reads Word documents as Word shows them: lists, tables, text boxes, notes, comments, headers and footers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.reading import About, Piece, ReadItem
from bot.translation import gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.markup import name_sections
from plugins.text.office.package import open_package
from plugins.text.options import TextOptions
from plugins.text.page_numbers import ONLY_PAGE_NUMBER
from plugins.text.word.parts import Parts, counts_pages
from plugins.text.word.story import StoryReader, name_comment


@raise_only_unreadable(gettext_noop("a Word document"))
def read_docx(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield a document in its order, and what it says of itself."""
    with open_package(path, options.most_megabytes) as package:
        yield package.about()
        parts = Parts(package)
        body = parts.body()
        yield from _edges(parts, "header")
        yield from name_sections(StoryReader(parts).blocks(body))
        for comment in parts.remaining_comments():
            if text := StoryReader(parts).text(comment):
                yield Piece(f"{name_comment(comment)}: {text}", "comments")
        yield from _edges(parts, "footer")
        if notes := parts.left_out.notes():
            yield About(notes=notes)


def _edges(parts: Parts, kind: str) -> Iterator[Piece]:
    """Yield what stands above or below the pages, once; a mere page number is left out."""
    for edge in parts.edges(parts.body(), kind):
        text = StoryReader(parts).text(edge)
        if text and not (counts_pages(edge) and ONLY_PAGE_NUMBER.match(text)):
            yield Piece(text, kind)
