"""The messages of a block of text, one list per part: what one call of a pattern cuts a block into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from adapters.exports.whatsapp.headers import HeaderShape


class RawRow(NamedTuple):
    """One message as it was cut; `body` still has the space after the author's colon."""

    header: str
    date: str
    time: str
    author: str | None
    body: str

    def as_written(self) -> str:
        """Return the row as it stood in the file."""
        return self.header + (self.body if self.author is None else f"{self.author}:{self.body}")


@dataclass(slots=True)
class Columns:
    """A list for each part of the messages; all are of one length."""

    headers: list[str]
    dates: list[str]
    times: list[str]
    authors: list[str | None]
    bodies: list[str]

    @classmethod
    def cut(cls, shape: HeaderShape, text: str) -> tuple[Self, str]:
        """Cut a text into columns; return them, and what stands before the first message."""
        parts: list[str] = shape.messages.split(text)
        dates, times = parts[shape.date_column :: 5], parts[shape.time_column :: 5]
        return cls(parts[1::5], dates, times, [*parts[4::5]], parts[5::5]), parts[0]

    @classmethod
    def of(cls, rows: Iterable[RawRow]) -> Self:
        """Return rows as columns."""
        columns = cls([], [], [], [], [])
        for row in rows:
            columns.headers.append(row.header)
            columns.dates.append(row.date)
            columns.times.append(row.time)
            columns.authors.append(row.author)
            columns.bodies.append(row.body)
        return columns

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows in file order."""
        return map(RawRow._make, zip(self.headers, self.dates, self.times, self.authors, self.bodies, strict=True))

    def last(self) -> RawRow:
        """Return the last row."""
        return RawRow(self.headers[-1], self.dates[-1], self.times[-1], self.authors[-1], self.bodies[-1])

    def drop_last(self) -> None:
        """Drop the last row."""
        self.headers.pop()
        self.dates.pop()
        self.times.pop()
        self.authors.pop()
        self.bodies.pop()


def number_lines(bodies: list[str], multiline: list[int], first: int) -> tuple[Sequence[int], int]:
    """Return the line that each message begins on, and the line after them all.

    `multiline` has the indexes of the bodies that reach over several lines.
    """
    numbers: list[int] = []
    line, done = first, 0
    for index in multiline:
        numbers.extend(range(line, line + index - done + 1))
        line += index - done + 1 + bodies[index].count("\n")
        done = index + 1
    end = line + len(bodies) - done
    numbers.extend(range(line, end))
    return numbers, end
