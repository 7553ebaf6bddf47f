"""Reads plain text, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.reading import Progress, ReadItem
from plugins.text.encoding import lines_of
from plugins.text.honest import honest
from plugins.text.lines import packed, paragraphs
from plugins.text.options import TextOptions


@honest("text")
def read_plain(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield the paragraphs of a text, each piece with its lines."""
    last = 0

    def counted() -> Iterator[tuple[int, str]]:
        nonlocal last
        for number, line in lines_of(path):
            last = number
            yield number, line

    yield from packed(paragraphs(counted()))
    yield Progress(last, last, "lines")
