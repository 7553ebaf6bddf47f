"""Paragraphs of a text with the lines they stand on, packed into pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.reading import Piece

ROOM = 700
"""Characters that a piece gathers; a longer paragraph is a piece of its own, and cut later."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines without an empty one between them."""

    text: str
    first: int
    last: int


def paragraphs(lines: Iterable[tuple[int, str]]) -> Iterator[Paragraph]:
    """Yield what stands between empty lines."""
    held: list[str] = []
    first = last = 0
    for number, line in lines:
        if not line.strip():
            if held:
                yield Paragraph("\n".join(held), first, last)
            held = []
            continue
        if not held:
            first = number
        held.append(line)
        last = number
    if held:
        yield Paragraph("\n".join(held), first, last)


def pack_paragraphs(parts: Iterable[Paragraph], headings: tuple[str, ...] = ()) -> Iterator[Piece]:
    """Yield paragraphs as pieces that name their lines, short ones together."""
    held: list[Paragraph] = []
    for part in parts:
        if held and sum(len(each.text) for each in held) + len(part.text) > ROOM:
            yield _piece(held, headings)
            held = []
        held.append(part)
    if held:
        yield _piece(held, headings)


def name_lines(first: int, last: int) -> str:
    """Return "line 4", "lines 4–9"."""
    return f"line {first}" if first == last else f"lines {first}–{last}"


def _piece(parts: list[Paragraph], headings: tuple[str, ...]) -> Piece:
    return Piece("\n\n".join(each.text for each in parts), name_lines(parts[0].first, parts[-1].last), headings)
