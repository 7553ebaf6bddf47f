"""The words of a passage as a row of `conversation_words`: numbers that a search compares by the hundred thousand.

A row is a sequence of 32-bit numbers: `START`, the passage's id in two halves, how many terms the message itself has
(turn) and how many its window, the terms of the turn, those that the window has besides, and the first characters of
pairs of unspaced scripts (`memory.search.segment`), by which single characters are found. A term stands for itself by
its CRC-32, as often as it occurs. Rows are put together as they are, and read in one piece.
"""

from __future__ import annotations

import itertools
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from memory.search.index_texts import IndexTexts
from memory.search.segment import has_unspaced, is_single, split_to_bytes
from memory.search.tokens import COUNTER

START = 0xFFFFFFFF
"""Begins a row; nothing else in a row is this number."""
HEADER = 5
"""Numbers before the terms."""
HALF = 31
"""Bits of an id in each of its halves."""
_LOW_HALF = (1 << HALF) - 1
_pack_header = struct.Struct(f"<{HEADER}I").pack
_MOST_CHUNKS = 100_000
"""Pieces of text whose terms are kept in memory."""

Numbers = npt.NDArray[np.uint32]


class FirstCharacter(NamedTuple):
    """What stands for a character that begins a pair: in the turn, and elsewhere in the window."""

    turn: int
    elsewhere: int


def number_of(term: str) -> int:
    """Return the number that stands for a term."""
    return min(zlib.crc32(term.encode()), START - 1)


def first_of(character: str) -> FirstCharacter:
    """Return the numbers that stand for a character at the beginning of a pair; no term has a space."""
    return FirstCharacter(number_of(f"turn {character}"), number_of(f"elsewhere {character}"))


def split_rows(joined: bytes) -> list[bytes]:
    """Return the rows that were put together."""
    numbers: Numbers = np.frombuffer(joined, dtype="<u4")
    starts = np.flatnonzero(numbers == START)
    return [each.tobytes() for each in np.split(numbers, starts[1:])]


class TermPacker:
    """Makes rows; remembers the terms of pieces between blanks, for no term goes across a blank."""

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}
        self._lock = threading.Lock()

    def pack(self, texts: Sequence[IndexTexts]) -> list[bytes]:
        """Return the rows of passages, whose stems are in their texts already. Blocking."""
        with self._lock:
            parts = self._read_parts(texts)
        unspaced = {part for part in parts if has_unspaced(part)}
        return [_pack(each, parts, has_pairs=not unspaced.isdisjoint(each.window)) for each in texts]

    def numbers_of(self, word: str) -> list[int]:
        """Return the numbers of a word's terms, mostly one. Blocking."""
        chunk = word.encode()
        with self._lock:
            self._learn({chunk})
            return list(np.frombuffer(self._known[chunk], dtype="<u4").tolist())

    def _read_parts(self, texts: Sequence[IndexTexts]) -> dict[str, bytes]:
        """Return the numbers of each part of the texts, of which most stand in three windows."""
        parts = {part for each in texts for part in each.window}
        parts.update([part for each in texts for part in each.turn])
        chunks = {part: split_to_bytes(part) if part.isascii() else part.encode().split() for part in parts}
        self._learn(set(itertools.chain.from_iterable(chunks.values())))
        numbers = self._known.__getitem__
        return {part: b"".join(map(numbers, here)) for part, here in chunks.items()}

    def _learn(self, chunks: set[bytes]) -> None:
        if len(self._known) > _MOST_CHUNKS:
            self._known.clear()
        new = sorted(chunks - self._known.keys())
        terms_of_each = COUNTER.split_all([chunk.decode() for chunk in new]) if new else ()
        for chunk, terms in zip(new, terms_of_each, strict=True):
            self._known[chunk] = b"".join([number_of(term).to_bytes(4, "little") for term in terms])


PACKER = TermPacker()
"""The one of this process."""


def _pack(texts: IndexTexts, parts: Mapping[str, bytes], *, has_pairs: bool) -> bytes:
    passage_id, turn, window = texts
    terms = b"".join([parts[part] for part in window])
    of_turn = parts[turn[0]] if len(turn) == 1 else b"".join([parts[part] for part in turn])
    if not terms.startswith(of_turn):
        # The window begins with the turn, apart from the stems, which follow each of them.
        terms = of_turn + _without(terms, of_turn)
    header = _pack_header(START, passage_id & _LOW_HALF, passage_id >> HALF, len(of_turn) // 4, len(terms) // 4)
    return header + terms + _first_characters(texts) if has_pairs else header + terms


def _first_characters(texts: IndexTexts) -> bytes:
    turn, window = (Counter(_characters(text)) for text in (texts.turn_text(), texts.window_text()))
    here = (first_of(character).turn for character in turn.elements())
    elsewhere = (first_of(character).elsewhere for character in (window - turn).elements())
    return _bytes_of(itertools.chain(here, elsewhere))


def _characters(text: str) -> Iterable[str]:
    return (chunk[0] for chunk in text.split() if is_single(chunk[0]))


def _without(window: bytes, turn: bytes) -> bytes:
    left = Counter(np.frombuffer(window, dtype=np.uint32).tolist())
    left.subtract(np.frombuffer(turn, dtype=np.uint32).tolist())
    return _bytes_of(left.elements())


def _bytes_of(numbers: Iterable[int]) -> bytes:
    return np.fromiter(numbers, dtype="<u4").tobytes()
