"""A text with formatting beside it, as Telegram takes it: plain characters and entities that point into them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from telegram import MessageEntity

from bot.adapter import utf16_length

TEXT_LIMIT = 4096
"""The most UTF-16 units of one message (https://core.telegram.org/bots/api#sendmessage)."""
ENTITY_LIMIT = 100
"""The most entities of one message; the rest would be ignored."""
_CODE = frozenset({MessageEntity.CODE, MessageEntity.PRE})


@dataclass(frozen=True, slots=True)
class FormatSpan:
    """A format from one character to another, counted in code points."""

    kind: str
    start: int
    end: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text that is ready to be sent; `spans` never overlap code."""

    text: str
    spans: tuple[FormatSpan, ...] = ()

    @property
    def length(self) -> int:
        """How long Telegram finds it."""
        return utf16_length(self.text)

    @property
    def entities(self) -> tuple[MessageEntity, ...]:
        """The formats with offsets in UTF-16 units."""
        entities = [
            MessageEntity(span.kind, span.start, span.end - span.start, url=span.url, language=span.language)
            for span in self.spans[:ENTITY_LIMIT]
        ]
        return tuple(MessageEntity.adjust_message_entities_to_utf_16(self.text, entities))

    def __add__(self, other: Formatted) -> Formatted:
        offset = len(self.text)
        moved = (replace(span, start=span.start + offset, end=span.end + offset) for span in other.spans)
        return Formatted(self.text + other.text, (*self.spans, *moved))


@dataclass(slots=True)
class Canvas:
    """Collects text and spans while something is rendered."""

    pieces: list[str] = field(default_factory=list)
    spans: list[FormatSpan] = field(default_factory=list)
    length: int = 0

    def write(self, text: str) -> None:
        """Append characters."""
        self.pieces.append(text)
        self.length += len(text)

    def mark(self, kind: str, start: int, *, url: str | None = None, language: str | None = None) -> None:
        """Format everything from `start` to here."""
        if self.length > start:
            self.spans.append(FormatSpan(kind, start, self.length, url, language))

    def finish(self) -> Formatted:
        """Return what was collected, without blanks around it."""
        text = "".join(self.pieces)
        left = len(text) - len(text.lstrip())
        bare = text.strip()
        return Formatted(bare, tuple(_tidy(self.spans, bare, left)))


def _tidy(spans: Iterable[FormatSpan], text: str, shift: int) -> list[FormatSpan]:
    moved = [
        replace(span, start=max(span.start - shift, 0), end=min(span.end - shift, len(text)))
        for span in sorted(spans, key=lambda span: (span.start, -span.end))
    ]
    trimmed = [piece for span in moved if (piece := _trim(span, text)).end > piece.start]
    code = [span for span in trimmed if span.kind in _CODE]
    pieces = [
        piece for span in trimmed for piece in ([span] if span.kind in _CODE else _cut_around_code(span, code, text))
    ]
    return sorted(pieces, key=lambda span: (span.start, -span.end))


def _trim(span: FormatSpan, text: str) -> FormatSpan:
    """Take the blanks off a span's ends, as Telegram would."""
    covered = text[span.start : span.end]
    start = span.start + len(covered) - len(covered.lstrip())
    return replace(span, start=start, end=max(start, span.start + len(covered.rstrip())))


def _cut_around_code(span: FormatSpan, code: Iterable[FormatSpan], text: str) -> list[FormatSpan]:
    """Cut a span around the code in it: code takes no other format (https://core.telegram.org/bots/api#formatting-options)."""
    pieces, start = [], span.start
    for hole in code:
        if hole.start < span.end and hole.end > start:
            pieces.append(replace(span, start=start, end=max(start, hole.start)))
            start = hole.end
    pieces.append(replace(span, start=start, end=max(start, span.end)))
    return [piece for each in pieces if (piece := _trim(each, text)).end > piece.start]
