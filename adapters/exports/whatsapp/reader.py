"""Streams the messages of one WhatsApp text: block by block, column by column.

A block of some hundred lines is cut into columns (headers, dates, times, authors, bodies) by one pattern in one
call; each column is then worked through on its own. That keeps the interpreter out of the inner loop, and only
bodies that could hold more than words are looked at closely.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from functools import cache, partial
from itertools import repeat
from typing import NamedTuple

from adapters.exports.parsed import ParsedMessage
from adapters.exports.whatsapp import deletions, phrases
from adapters.exports.whatsapp.author_names import UNSURE, AuthorNames
from adapters.exports.whatsapp.clock import Clock
from adapters.exports.whatsapp.columns import Columns, RawRow, number_lines
from adapters.exports.whatsapp.headers import MARKS, HeaderShape, clean, find_header, split_author
from adapters.exports.whatsapp.line_ends import count_lines, restore
from adapters.exports.whatsapp.media import LRM, MARKED, RLM, BodySource, MessageContent, read_body
from adapters.exports.whatsapp.notes import Notes
from adapters.exports.whatsapp.phrase_tables import tables
from adapters.exports.whatsapp.system_lines import is_about_author, is_call, is_system_phrase

LONGEST_MESSAGE = 8 << 20
"""In characters; what is longer goes on as a further message, so that memory stays flat."""
LONGEST_JOINED = 1 << 20
"""In characters; of a message that goes on, at least as much as is known of it is read at once, and at most this."""
_SHORT = 40
_REMEMBERED_BODIES = 10_000

_ENDS = frozenset((">", "›", "＞", "〉", ")", "）", ""))
_PARENTHESES = frozenset(")）")
_UNMARKED = frozenset(
    f" {written}{stop}"
    for phrase in (*deletions.AS_WRITTEN, *phrases.OMITTED_EXACTLY, "null")
    for written in (phrase, phrase[0].upper() + phrase[1:], phrase.replace("gif", "GIF"))
    for stop in ("", ".", "。")
)
_MARKS_BEFORE = frozenset((LRM, RLM))
_MISSED = re.compile(rf"\n[{MARKS}]*[\[\d]")
_MULTILINE = re.compile(rf"[>›＞〉)）](?:\n|$)|\n[{MARKS}]*[\[\d]|^ ?\n")
_plain = partial(tuple.__new__, ParsedMessage)
"""Makes a message from a tuple of its fields; half the time of a call to the class."""
_PLAIN = (repeat("message"), repeat(()), repeat(False), repeat(False))  # noqa: FBT003 (values of a column)
_NO_IDS = (repeat(None), repeat(None), repeat(None), repeat(None), repeat(None))


@cache
def _exact() -> frozenset[str]:
    """Return the one-line bodies that stand for something else than words, with the space before them."""
    return _UNMARKED.union(" " + body for body in tables().whole_bodies)


class Row(NamedTuple):
    """One message before its body is read; `body` still has the space after the author's colon."""

    line: int
    sent_at: datetime
    author: str | None
    body: str
    marked: bool = False
    """Whether a direction mark stands before the header."""


class WhatsAppReader:
    """Reads one chat; made for one pass."""

    def __init__(
        self, shape: HeaderShape, clock: Clock, media: Container[str], title: str, notes: Notes, *, crlf: bool = False
    ) -> None:
        self._shape, self._clock, self._media, self._title, self._notes = shape, clock, media, title, notes
        self._crlf = crlf
        self._names = AuthorNames(title)
        self._known: dict[tuple[str, bool], MessageContent] = {}
        self._iphone = shape.family == "bracket"

    def batches(self, blocks: Iterable[str]) -> Iterator[list[ParsedMessage]]:
        """Yield the messages in file order, a block's at a time, from blocks that end with a line's end."""
        text, enough, line = "\n", 0, 1
        for block in blocks:
            text += block
            if len(text) < enough:
                continue
            columns, before = Columns.cut(self._shape, text)
            line += self._skip(before, line)
            columns = self._keep_invalid_as_text(columns, line)
            if not columns.headers:
                text = "\n"
                continue
            last = columns.last()
            tail = last.as_written()
            if len(tail) > LONGEST_MESSAGE:
                text = self._split_long(columns, last, line)
            else:
                text = "\n" + tail
                columns.drop_last()
            # A long message is not searched for the next header again with every block.
            enough = len(text) + min(len(text), LONGEST_JOINED)
            messages, line = self._read(columns, line)
            yield messages
        columns, _ = Columns.cut(self._shape, text.removesuffix("\n") if len(text) > 1 else "")
        yield self._read(self._keep_invalid_as_text(columns, line), line)[0]

    def _skip(self, before: str, line: int) -> int:
        """Pass over what stands before the first message; return how many lines it has."""
        if before.strip(f"\n\r \t{LRM}\ufeff"):
            self._notes.add(line, "stands before the first message and was left out")
        return count_lines(before)

    def _keep_invalid_as_text(self, columns: Columns, line: int) -> Columns:
        """Join rows whose stamp can't be (32/13/2024, 25:61) to the message before them."""
        if self._clock.knows(columns.dates, columns.times):
            return columns
        midnights, times = self._clock.midnights, self._clock.times
        kept: list[RawRow] = []
        for row in columns.rows():
            if midnights[row.date] is not None and times[row.time] is not None:
                kept.append(row)
            elif kept:
                kept[-1] = kept[-1]._replace(body=f"{kept[-1].body}\n{row.as_written()}")
                self._notes.note_kept_as_text(line, "opens like a message, but its date or time is impossible")
            else:
                self._notes.add(line, "stands before the first message and was left out")
            line += 1 + count_lines(row.body)
        return Columns.of(kept)

    def _split_long(self, columns: Columns, last: RawRow, line: int) -> str:
        """Let an endless message end here, and go on as another of the same author and time."""
        self._notes.add(
            line + sum(1 + count_lines(body) for body in columns.bodies[:-1]),
            f"begins a message of more than {LONGEST_MESSAGE >> 20} million characters; it was split",
        )
        columns.bodies[-1] = last.body.removesuffix("\n")
        return "\n" + last.header + ("" if last.author is None else f"{last.author}: ")

    def _read(self, columns: Columns, line: int) -> tuple[list[ParsedMessage], int]:
        """Return a block's messages, and the line after them.

        All are made as plain words first, which needs no step of the interpreter a message; then those that
        may be something else are made again.
        """
        if self._crlf:
            columns.bodies = restore(columns.bodies)
        timestamps = self._clock.timestamps(columns.dates, columns.times)
        self._names.learn(columns.authors)
        known = self._names.known
        authors = [known[raw] for raw in columns.authors]
        multiline = [index for index, body in enumerate(columns.bodies) if "\n" in body]
        lines, next_line = number_lines(columns.bodies, multiline, line)
        texts = [body[1:] for body in columns.bodies]
        messages = list(map(_plain, zip(authors, timestamps, texts, *_PLAIN, lines, *_NO_IDS)))  # noqa: B905 (repeat() never ends)
        more: list[tuple[int, list[ParsedMessage]]] = []
        marked = self._find_marked(columns.headers)
        for index in self._find_special(authors, columns.bodies, multiline, marked):
            raw, body = columns.authors[index], columns.bodies[index]
            row = Row(lines[index], timestamps[index], raw, body, index in marked)
            if not self._crlf and "\n" in row.body and _MISSED.search(row.body):
                more.append((index, [self._read_message(part) for part in self._split_at_missed_headers(row)]))
            else:
                messages[index] = self._read_message(row)
        for index, parts in reversed(more):
            messages[index : index + 1] = parts
        return messages, next_line

    def _find_marked(self, headers: list[str]) -> set[int]:
        """Return the rows whose header a direction mark precedes; on Android it says nothing."""
        joined = "".join(headers) if self._iphone else ""
        if not any(mark in joined for mark in _MARKS_BEFORE):
            return set()
        return {index for index, header in enumerate(headers) if header[0] in _MARKS_BEFORE}

    @staticmethod
    def _find_special(
        authors: list[str | None], bodies: list[str], multiline: list[int], marked: set[int]
    ) -> list[int]:
        """Return which rows may hold more than words; in order, and few."""
        exact = _exact()
        found = marked | {
            index
            for index, body in enumerate(bodies)
            if body in exact or (body[-1:] in _ENDS and (body[-1:] not in _PARENTHESES or "." in body))
        }
        found.update(index for index in multiline if _MULTILINE.search(bodies[index]))
        joined = "".join(bodies)
        for mark in (LRM, RLM):
            if mark in joined:
                found.update(index for index, body in enumerate(bodies) if mark in body)
        if MARKED[-1] in joined:
            found.update(index for index, body in enumerate(bodies) if body[1:2] in MARKED)
        found.update(_find_bare(bodies, joined))
        if None in authors or UNSURE in authors:
            found.update(index for index, author in enumerate(authors) if not author)
        return sorted(found)

    def _split_at_missed_headers(self, row: Row) -> Iterator[Row]:
        """Find headers that differ from the file's shape in a mark or a space; other shapes stay text, noted."""
        line, sent_at, author, _, marked = row
        lines = row.body.split("\n")
        start = 0
        for number, text in enumerate(lines):
            if not number or not _MISSED.match("\n" + text):
                continue
            header = find_header(text)
            if header is None:
                continue
            if not self._shape.fits(header) or not self._clock.knows([header.date], [header.time]):
                self._notes.note_kept_as_text(row.line + number, "opens like a message of another kind of export")
                continue
            yield Row(line, sent_at, author, "\n".join(lines[start:number]), marked)
            marked = self._iphone and text[:1] in _MARKS_BEFORE
            (sent_at,) = self._clock.timestamps([header.date], [header.time])
            author, lines[number] = split_author(header.rest)
            line, start = row.line + number, number
            self._names.learn([author])
        yield Row(line, sent_at, author, "\n".join(lines[start:]), marked)

    def _read_message(self, row: Row) -> ParsedMessage:
        line, sent_at, raw, body, marked = row
        author = self._names.known[raw] if raw is not None else None
        if author == UNSURE:
            return self._read_doubtful(row)
        content = self._read_content(body[1:] if raw is not None else body, marked=marked, has_author=raw is not None)
        if author is not None and ": " + LRM in body and self._is_subject_with_colon(f"{author}:{body}"):
            return _system(line, sent_at, clean(body.rpartition(": " + LRM)[2]))
        if self._iphone and author is not None and body.startswith(f" {LRM}") and content.is_words:
            if is_about_author(body[1:], author):
                return _system(line, sent_at, clean(body).strip())
            if is_call(body[1:]):
                return _system(line, sent_at, f"{author}: {clean(body).strip()}")
        return _from_content(content, author, row)

    def _read_content(self, body: str, *, marked: bool, has_author: bool) -> MessageContent:
        """Read a body, or remember it: "<Media omitted>" stands in some chats ten thousand times."""
        known = self._known.get((body, marked)) if has_author else None
        if known is not None:
            return known
        content = read_body(body, self._media, has_author=has_author, source=BodySource(self._iphone, marked))
        if has_author and len(body) <= _SHORT and len(self._known) < _REMEMBERED_BODIES:
            self._known[body, marked] = content
        return content

    def _is_subject_with_colon(self, text: str) -> bool:
        """Tell whether a group's subject such as "Trip: Lisbon" stands as the author of a system line."""
        subject, _, said = text.rpartition(": " + LRM)
        return clean(subject) == self._title or is_system_phrase(said)

    def _read_doubtful(self, row: Row) -> ParsedMessage:
        """Read a line whose author may be the start of a system line: `X created group "Trip: Lisbon"`."""
        whole = f"{row.author or ''}:{row.body}"
        for start in (f"{self._title}: ", f"{self._title}:"):
            if self._title and clean(whole).startswith(start) and len(clean(row.author or "")) < len(self._title):
                body = clean(whole)[len(start) :]
                source = BodySource(self._iphone, row.marked)
                body = f"{LRM}{body}" if f": {LRM}" in whole else body
                content = read_body(body, self._media, has_author=True, source=source)
                return _from_content(content, self._title, row)
        text = whole if row.author else row.body.lstrip(" ")
        return _system(row.line, row.sent_at, text.lstrip(LRM + "\u200f\ufeff"))


def _find_bare(bodies: list[str], joined: str) -> Iterator[int]:
    """Yield the rows with a file that Android attached without a bracket, as it does in Persian and Tamil."""
    for before, after in tables().bare:
        if (before or after) in joined:
            yield from (at for at, body in enumerate(bodies) if body.startswith(before, 1) and body.endswith(after))


def _from_content(content: MessageContent, author: str | None, row: Row) -> ParsedMessage:
    return ParsedMessage(
        None if content.system else author,
        row.sent_at,
        content.text,
        "system" if content.system else "message",
        content.attachments,
        content.edited,
        content.deleted,
        row.line,
    )


def _system(line: int, sent_at: datetime, text: str) -> ParsedMessage:
    return ParsedMessage(None, sent_at, text, "system", (), edited=False, deleted=False, line=line)
