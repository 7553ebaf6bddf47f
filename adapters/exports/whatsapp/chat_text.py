"""The text of one chat within a source, in blocks of whole lines, as often as it must be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self

from adapters.exports.archive import Files
from adapters.exports.decoding import Note, decode_head, text_blocks
from adapters.exports.parsed import ParseOptions, YearMissing
from adapters.exports.whatsapp.headers import HeaderShape, learn
from adapters.exports.whatsapp.line_ends import ends_messages_with_crlf, mark_lone
from adapters.exports.whatsapp.named_dates import NamedDate, read_named

HEAD_BYTES: Final = 256 << 10
"""How far into a file its first message, and its ends of lines, are looked for."""
_NEXT_YEAR = 180
"""A date so many days before the last one begins another year; one less far back came out of order."""


@dataclass(frozen=True, slots=True)
class ChatText:
    """A chat's text; `since` is the day from which on its dates count where they have no year."""

    files: Files
    name: str
    shape: HeaderShape
    crlf: bool
    """Whether CR LF ends messages here, and LF the lines within them."""
    since: date | None = None
    bare_shape: HeaderShape | None = None
    """The shape that the headers have before they get their year."""

    @classmethod
    def of(cls, files: Files, name: str, shape: HeaderShape) -> Self:
        """Return the text of this name, whose headers have this shape."""
        with closing(files.open(name)) as stream:
            head = decode_head(stream.read(HEAD_BYTES), keep_crlf=True)
        return cls(files, name, shape, "\r\n" in head and ends_messages_with_crlf(head, shape))

    @contextmanager
    def open_blocks(self, note: Note) -> Iterator[Iterator[str]]:
        """Open the text as blocks that end with a line feed; a lone one within a message is marked as such."""
        with closing(self.files.open(self.name)) as stream:
            blocks = text_blocks(stream, note, keep_crlf=self.crlf)
            blocks = mark_lone(blocks) if self.crlf else blocks
            years = _Years(self.since) if self.since else None
            yield years.add_to(blocks, self.bare_shape or self.shape) if years else blocks


def with_years(text: ChatText, options: ParseOptions) -> ChatText:
    """Return a text whose dates have no year as one in which they do. Raises YearMissing where nothing tells it."""
    if options.since is None:
        raise YearMissing(
            f"{text.name}: its dates have no year; say on which day the chat began, as in --since 2013-08-28"
        )
    text = replace(text, since=options.since.date(), bare_shape=text.shape)
    with text.open_blocks(lambda _line, _said: None) as blocks:
        first = next((block for block in blocks), "")
    shape = next((shape for line in first.split("\n") if (shape := learn(line)) and shape.has_year), None)
    return replace(text, shape=shape or text.shape)


class _Years:
    """Gives dates without a year the year that they must mean, from the first on or after a day."""

    def __init__(self, since: date) -> None:
        self._last = since

    def add_to(self, blocks: Iterable[str], shape: HeaderShape) -> Iterator[str]:
        """Yield the blocks with a year in each header."""
        column = shape.date_column
        for block in blocks:
            yield shape.messages.sub(lambda found: self._with_year(found, column), "\n" + block)[1:]

    def _with_year(self, found: re.Match[str], column: int) -> str:
        named = read_named(found[column])
        day = self._day(named) if named else None
        start, end = found.start(), found.end(column)
        return f"{found.string[start:end]} {day.year}{found.string[end : found.end()]}" if day else found[0]

    def _day(self, named: NamedDate) -> date | None:
        for year in range(self._last.year - 1, self._last.year + 5):
            try:
                day = date(year, named.month, named.day)
            except ValueError:
                continue  # 29 February, or no day at all
            if (self._last - day).days < _NEXT_YEAR:
                self._last = max(self._last, day)
                return day
        return None
