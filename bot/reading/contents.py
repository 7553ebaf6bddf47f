"""What a reader has yielded, gathered: passages of the right length, what the file says of itself, how long it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.errors import FileUnreadable
from bot.reading.pieces import About, Piece, Progress, ReadItem
from bot.translation import gettext, ngettext
from memory.chunk import ROOM, split, weight
from memory.records import Entry

MOST_PASSAGES = 250_000
"""A document is stored in one transaction, in which nothing else can be stored."""
_HEADING_ROOM = ROOM // 4


@dataclass(slots=True)
class Contents:
    """Gathers items; pieces that stand in the same place are joined as far as they fit into one passage."""

    name: str
    pieces: list[Piece] = field(default_factory=list)
    about: About = field(default_factory=About)
    extent: Progress | None = None
    most: int = MOST_PASSAGES

    def add(self, item: ReadItem) -> None:
        """Take the next item. Raises FileUnreadable when that is too many passages for one document."""
        match item:
            case Piece():
                self._add_piece(item)
            case About():
                self.about = _merge(self.about, item)
            case Progress():
                self.extent = item

    def entries(self, said_at: datetime, author_id: int | None, drawn_from: Sequence[int]) -> list[Entry]:
        """Return the passages as they are stored, named after the file. Raises FileUnreadable when there is none."""
        pieces = [*self._introduce(), *self.pieces]
        if not self.pieces:
            raise FileUnreadable(" ".join([gettext("I found no text in {name}.", name=self.name), *self.about.notes]))
        return [
            Entry(
                text=piece.text,
                said_at=_with_zone(piece.said_at or said_at, said_at),
                author=self.name,
                author_id=author_id,
                kind="document",
                link=piece.link,
                locator=piece.locator,
                drawn_from=tuple(drawn_from),
            )
            for piece in pieces
        ]

    def _add_piece(self, piece: Piece) -> None:
        if len(self.pieces) >= self.most:
            most = ngettext("{number} passage", "{number} passages", self.most)
            raise FileUnreadable(
                gettext("{name} holds more than {most}; divide it into several files.", name=self.name, most=most)
            )
        heading = _join_headings(piece)
        parts = [f"{heading}{part}" for part in split(piece.text, ROOM - weight(heading))]
        for part in parts:
            self._append(replace(piece, text=part), heading)

    def _append(self, piece: Piece, heading: str) -> None:
        last = self.pieces[-1] if self.pieces else None
        if last is not None and replace(last, text="") == replace(piece, text=""):
            joined = f"{last.text}\n{piece.text.removeprefix(heading)}"
            if weight(joined) <= ROOM:
                self.pieces[-1] = replace(last, text=joined)
                return
        self.pieces.append(piece)

    def _introduce(self) -> Iterator[Piece]:
        """Yield a passage that says what the file is and who wrote it, where it says so itself."""
        title, author = self.about.title, self.about.author
        if title or author:
            called = f"“{title}”" if title else f"{self.name}"
            by = f", by {author}" if author else ""
            made = self.about.created_at
            yield Piece(f"{called}{by}{f', of {made.day} {made:%B %Y}' if made else ''}")


def _join_headings(piece: Piece) -> str:
    """Return the headings as the line above a passage; the innermost ones where there is no room for all."""
    headings = [" ".join(each.split()) for each in piece.headings]
    while headings and weight(" › ".join(headings)) > _HEADING_ROOM:
        headings = headings[1:]
    if headings and piece.text.lstrip().partition("\n")[0].strip() == headings[-1]:
        headings = headings[:-1]
    return f"{' › '.join(headings)}\n" if headings else ""


def _merge(one: About, other: About) -> About:
    return About(
        title=other.title or one.title,
        author=other.author or one.author,
        created_at=other.created_at or one.created_at,
        language=other.language or one.language,
        notes=(*one.notes, *other.notes),
        told=other.told or one.told,
        answers=other.answers or one.answers,
        words=other.words or one.words,
    )


def _with_zone(moment: datetime, like: datetime) -> datetime:
    """Give a time without a zone that of the file's own time."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=like.tzinfo)
