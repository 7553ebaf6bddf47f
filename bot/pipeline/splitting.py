"""Texts that are too long for one message: cut at their seams, or clipped."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from memory.patterns import compile_on_use

_FENCE = compile_on_use(r"^ {0,3}(```+|~~~+)(.*)$", re.MULTILINE)
_SEAMS = ("\n\n", "\n", ". ", " ")
_CLOSING_ROOM = 8  # the line break and the marks that close a fence
_OPENER_CHARS = 40  # a longer language tag is not repeated in the next part


def split_text(text: str, limit: int, length: Callable[[str], int] = len) -> list[str]:
    """Cut a text into parts of at most `limit`, at paragraphs where possible, then lines, sentences and words.

    A code fence that has to be cut is closed in one part and opened again in the next, so each part is
    Markdown of its own. Nothing but blanks at the seams is lost. An empty text has no parts. `length` counts no
    character for less than one.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        fits = len(rest) <= limit and length(rest) <= limit
        part, rest = (rest, "") if fits else _first_part(rest, limit, length)
        parts.append(part)
    return parts


def clip_text(text: str, limit: int, length: Callable[[str], int] = len) -> str:
    """Return what fits of a text, with an ellipsis where something had to go."""
    return text if length(text) <= limit else text[: _fitting(text, limit - length("…"), length)] + "…"


def utf16_length(text: str) -> int:
    """Return how long platforms find a text that count UTF-16: characters outside the basic plane count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _first_part(text: str, limit: int, length: Callable[[str], int]) -> tuple[str, str]:
    room = _CLOSING_ROOM if _FENCE.search(text[:limit]) else 0
    end = _fitting(text, max(1, limit - room), length)
    cut = _seam(text, end)
    part, rest = text[:cut].rstrip(), text[cut:]
    opener = _open_fence(part)
    if opener is None:
        return part or text[:cut], rest.strip()
    marks, label = opener
    again = f"{marks}{label}" if len(label) <= _OPENER_CHARS else marks
    if len(again) + 1 >= cut:  # too little room to make headway with fences repeated
        return part or text[:cut], rest.strip()
    return f"{part}\n{marks}", f"{again}\n{rest.lstrip(chr(10))}".rstrip()


def _seam(text: str, end: int) -> int:
    least = end // 3
    fences = [fence.start() for fence in _fences(text[:end])]
    for seam in _SEAMS:
        at = text.rfind(seam, least, end)
        while seam == "\n\n" and at > least and bisect_left(fences, at) % 2:  # within a fence
            at = text.rfind(seam, least, at)
        if at > least:
            return at + len(seam)
        if seam == "\n\n" and len(fences) % 2 and fences[-1] > least:
            return fences[-1]
    return end


def _fences(text: str) -> list[re.Match[str]]:
    """Return the fence lines that hold, so that the last one is open when their number is odd."""
    holding: list[re.Match[str]] = []
    for match in _FENCE.finditer(text):
        is_open = len(holding) % 2 == 1
        if is_open and not (match[1].startswith(holding[-1][1]) and not match[2].strip()):
            continue  # inside a fence only its own closing line counts
        holding.append(match)
    return holding


def _open_fence(text: str) -> tuple[str, str] | None:
    fences = _fences(text)
    return (fences[-1][1], fences[-1][2].rstrip()) if len(fences) % 2 else None


def _fitting(text: str, limit: int, length: Callable[[str], int]) -> int:
    """Return how many characters from the start measure at most `limit`, at least one."""
    low, high = 1, max(1, min(len(text), limit))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle]) <= limit else (low, middle - 1)
    return low
