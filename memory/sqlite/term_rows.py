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

from memory.search.segment import has_unspaced, is_single, split_ascii
from memory.search.tokens import COUNTER
from memory.search.windows import IndexedWords

START = 0xFFFFFFFF
"""Begins a row; nothing else in a row is this number."""
HEADER = 5
"""Numbers before the terms."""
HALF = 31
"""Bits of an id in each of its halves."""
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
        self._known: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def pack(self, texts: Sequence[IndexedWords]) -> list[bytes]:
        """Return the rows of passages, whose stems are in their texts already. Blocking."""
        with self._lock:
            lines = self._read_lines(texts)
        return [_pack(each, lines) for each in texts]

    def numbers_of(self, word: str) -> list[int]:
        """Return the numbers of a word's terms, mostly one. Blocking."""
        with self._lock:
            self._learn({word})
            return list(np.frombuffer(self._known[word], dtype="<u4").tolist())

    def _read_lines(self, texts: Sequence[IndexedWords]) -> dict[str, bytes]:
        """Return the numbers of each line of the texts, of which most stand in three windows."""
        chunks: dict[str, list[str]] = {}
        for each in texts:
            for line in (*each.turn.split("\n"), *each.window.split("\n")):
                if line not in chunks:
                    chunks[line] = split_ascii(line) if line.isascii() else line.split()
        self._learn(set(itertools.chain.from_iterable(chunks.values())))
        return {line: b"".join(map(self._known.__getitem__, here)) for line, here in chunks.items()}

    def _learn(self, chunks: set[str]) -> None:
        if len(self._known) > _MOST_CHUNKS:
            self._known.clear()
        new = sorted(chunks - self._known.keys())
        for chunk, terms in zip(new, COUNTER.split_all(new) if new else (), strict=True):
            self._known[chunk] = b"".join([number_of(term).to_bytes(4, "little") for term in terms])


PACKER = TermPacker()
"""The one of this process."""


def _pack(words: IndexedWords, lines: Mapping[str, bytes]) -> bytes:
    turn = b"".join([lines[line] for line in words.turn.split("\n")])
    window = b"".join([lines[line] for line in words.window.split("\n")])
    # The window begins with the turn, apart from the stems, which follow each of them.
    rest = window[len(turn) :] if window.startswith(turn) else _without(window, turn)
    header = _pack_header(START, *_halves(words.passage_id), len(turn) // 4, (len(turn) + len(rest)) // 4)
    return b"".join((header, turn, rest, _first_characters(words)))


def _first_characters(words: IndexedWords) -> bytes:
    if not has_unspaced(words.window):
        return b""
    turn, window = (Counter(_characters(text)) for text in (words.turn, words.window))
    here = (first_of(character).turn for character in turn.elements())
    elsewhere = (first_of(character).elsewhere for character in (window - turn).elements())
    return _bytes_of(itertools.chain(here, elsewhere))


def _characters(text: str) -> Iterable[str]:
    return (chunk[0] for chunk in text.split() if is_single(chunk[0]))


def _without(window: bytes, turn: bytes) -> bytes:
    left = Counter(np.frombuffer(window, dtype=np.uint32).tolist())
    left.subtract(np.frombuffer(turn, dtype=np.uint32).tolist())
    return _bytes_of(left.elements())


def _halves(passage_id: int) -> tuple[int, int]:
    return passage_id & ((1 << HALF) - 1), passage_id >> HALF


def _bytes_of(numbers: Iterable[int]) -> bytes:
    return np.fromiter(numbers, dtype="<u4").tobytes()
