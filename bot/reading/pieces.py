"""What the reader of a file yields: its text in pieces that can be cited, what it is, and how far it has got."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

_PART = 4 << 20
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file's text, in reading order; one that is too long to embed is split later.

    `locator` is where it stands, as a person would say it: "p. 4", "0:42", "lines 10–31", "row 12". `headings` are
    those it stands under, from the outermost; they are kept with its text. `link` leads to it, if it has an address.
    `said_at` is its own time where it has one (a mail, a subtitle has none); else the file's time is taken.
    """

    text: str
    locator: str | None = None
    headings: tuple[str, ...] = ()
    link: str | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself; yielded once, when it is known.

    `notes` are sentences for whoever sent it: "Pages 3 to 7 are pictures and were not read." `told` is told in place of
    how long it is, where that says little: what is to be seen in a picture. `answers` says that this answers
    what was asked in the file's caption. `words` is what is said in something short, shown where that is wanted.
    """

    title: str | None = None
    author: str | None = None
    created_at: datetime | None = None
    language: str | None = None
    notes: tuple[str, ...] = ()
    told: str | None = None
    answers: bool = False
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading has got, in `unit`s ("pages", "seconds"); `total` is None where nobody knows."""

    done: int
    total: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file within the file, such as a mail's attachment, which is read in its turn by whoever reads such files.

    `content` are its bytes in Base64, for items travel as JSON. A large one comes in parts, one behind the other, of
    which only the last is `last`; `enclose` makes them.
    """

    name: str
    media_type: str
    content: str
    last: bool = True


def enclose(name: str, media_type: str, data: bytes) -> Iterator[Enclosed]:
    """Yield a file within a file in parts that fit through a pipe."""
    for start in range(0, max(len(data), 1), _PART):
        content = base64.b64encode(data[start : start + _PART]).decode("ascii")
        yield Enclosed(name, media_type, content, last=start + _PART >= len(data))


ReadItem = Piece | About | Progress | Enclosed
"""What a reader yields, in any order but the pieces' own. Notes of several `About`s add up."""
