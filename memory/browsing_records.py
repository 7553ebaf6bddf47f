"""The records of reading a conversation page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from memory.records import ConversationRecord, Passage
from memory.timestamps import micros, moment


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order of a conversation, between two passages; as text it is what a page's address carries.

    Passages are in the order of (said_at, id), so a position stays true when the passage that it was taken from goes.
    """

    said_at: datetime
    id: int = 0

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Return the place of a passage."""
        return cls(passage.said_at, passage.id)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote. Raises ValueError for anything else."""
        microseconds, _, number = text.partition(".")
        try:
            return cls(moment(int(microseconds)), int(number or 0))
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{text!r} is no position in a conversation") from error

    def __str__(self) -> str:
        return f"{micros(self.said_at)}.{self.id}"


@dataclass(frozen=True, slots=True)
class ConversationSpan:
    """A conversation as a list shows it: how much it has, from when to when, and what was said in it first."""

    conversation: ConversationRecord
    passages: int
    first: datetime | None
    last: datetime | None
    opening: str = ""


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many passages a day has; the day is that of the zone that was asked for."""

    day: date
    passages: int


@dataclass(frozen=True, slots=True)
class AuthorCount:
    """How many messages somebody wrote, from when to when; what tells of it is drawn from the `newest` of them."""

    author: str
    messages: int
    first: datetime
    last: datetime
    newest: int
