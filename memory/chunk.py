"""Long text to passages: cut where the text itself has joints, so that each fits into what an embedder reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

ROOM = 800
"""Weight of a passage: with its title and its date it fills about the 256 tokens that a sentence embedder reads."""

_JOINTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\n[ \t]*\n\s*",  # paragraphs
        r"\n",
        r"(?<=[.!?…][\"'”’)\]])\s+|(?<=[.!?…])\s+|(?<=[。！？｡])",  # sentences
        r"(?<=[;:,])\s+|(?<=[，、；：])",
        r"\s+",
    )
)
_DENSE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\U00010000-\U0010ffff]")
_DENSITY = 3
"""What a character of a script without spaces weighs: it is about a token of its own, where Latin letters share one."""


def weight(text: str) -> int:
    """Return how much of an embedder's window a text takes, in Latin letters."""
    if text.isascii():
        return len(text)
    return len(text) + (_DENSITY - 1) * len(_DENSE.findall(text))


def split(text: str, room: int = ROOM) -> list[str]:
    """Return the text in parts of at most `room`: whole paragraphs where they fit, else lines, sentences, words.

    No word is lost or repeated; blanks at the cuts are dropped. An empty text has no parts.
    """
    return [part for part in (each.strip() for each in _parts(text.strip(), room, 0)) if part]


def _parts(text: str, room: int, level: int) -> Iterator[str]:
    """Yield the text in parts, cut at the joints of this level; what is too long alone is cut at finer ones."""
    if weight(text) <= room:
        yield text
        return
    if level == len(_JOINTS):
        yield from _hewn(text, room)
        return
    packed, taken = "", 0
    for stretch in _stretches(text, level):
        needs = weight(stretch)
        if packed and taken + needs > room:
            yield packed
            packed, taken = "", 0
        if needs > room:
            yield from _parts(stretch, room, level + 1)
            continue
        packed, taken = packed + stretch, taken + needs
    if packed:
        yield packed


def _stretches(text: str, level: int) -> Iterator[str]:
    """Yield what stands between joints, each with the joint behind it."""
    start = 0
    for joint in _JOINTS[level].finditer(text):
        if joint.end() > start:
            yield text[start : joint.end()]
        start = joint.end()
    if start < len(text):
        yield text[start:]


def _hewn(text: str, room: int) -> Iterator[str]:
    """Yield a word that is longer than a passage, in lengths that surely fit."""
    size = max(room if text.isascii() else room // _DENSITY, 1)
    for start in range(0, len(text), size):
        yield text[start : start + size]
