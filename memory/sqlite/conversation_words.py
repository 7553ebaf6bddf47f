"""The search for words within a few conversations: BM25 by what these hold, whatever else the memory holds.

FTS5 counts for each word of a question every passage of the memory that has it. Here the words of the conversations are
read, and nothing else: how long that takes, and how rare a word is, no other chat decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite
import numpy as np
import numpy.typing as npt

from memory.search.bm25 import Floats, weigh
from memory.search.segment import is_single
from memory.search.windows import IndexedWords
from memory.sqlite.term_rows import HALF, HEADER, PACKER, START, Numbers, first_of

Ids = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WordScores:
    """Passages with the BM25 scores of their turn and of their window; zero for those without any of the words."""

    passage_ids: Ids
    turn: Floats
    window: Floats

    def best(self, scores: Floats) -> dict[int, float]:
        """Return the passages that have any of the words, the best first."""
        found = np.flatnonzero(scores > 0)
        order = found[np.lexsort((self.passage_ids[found], -scores[found]))]
        return dict(zip(self.passage_ids[order].tolist(), scores[order].tolist(), strict=True))


async def add(connection: aiosqlite.Connection, texts: Sequence[IndexedWords]) -> None:
    """Keep the words of passages, given with their stems, in place of what was kept of them."""
    await connection.executemany(
        """INSERT OR REPLACE INTO conversation_words (conversation_id, passage_id, terms)
           SELECT conversation_id, id, ?1 FROM passages WHERE id = ?2""",
        [(row, each.passage_id) for each, row in zip(texts, PACKER.pack(texts), strict=True)],
    )


async def remove(connection: aiosqlite.Connection, passage_ids: Iterable[int]) -> None:
    """Remove the words of passages; run it while they are there."""
    await connection.executemany(
        """DELETE FROM conversation_words
           WHERE conversation_id = (SELECT conversation_id FROM passages WHERE id = ?1) AND passage_id = ?1""",
        [(each,) for each in passage_ids],
    )


async def clear(connection: aiosqlite.Connection) -> None:
    """Remove all words."""
    await connection.execute("DELETE FROM conversation_words")


async def are_complete(connection: aiosqlite.Connection) -> bool:
    """Tell whether the words of all passages are here, those from before this table included."""
    rows: Iterable[Any] = await connection.execute_fetchall("SELECT complete FROM conversation_words_state")
    return any(bool(row[0]) for row in rows)


async def mark_complete(connection: aiosqlite.Connection) -> None:
    """Note that the words of all passages are here."""
    await connection.execute("UPDATE conversation_words_state SET complete = 1")


async def search(connection: aiosqlite.Connection, conversations: Sequence[int], query: Sequence[str]) -> WordScores:
    """Return the scores of the passages in these conversations; a word that no message has counts nothing."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT CAST(group_concat(terms, x'') AS BLOB) FROM conversation_words
           WHERE conversation_id IN (SELECT value FROM json_each(?))""",
        [json.dumps(conversations)],
    )
    return _score(np.frombuffer(next(iter(rows))[0] or b"", dtype="<u4"), query)


def _score(numbers: Numbers, query: Sequence[str]) -> WordScores:
    passages = _Passages(numbers)
    turn, window = np.zeros(len(passages.ids)), np.zeros(len(passages.ids))
    if not len(turn):
        return WordScores(passages.ids, turn, window)
    words = [_Word(word) for word in query]
    occurrences = passages.find({number for word in words for number in word.numbers})
    for word in words:
        in_turn, in_window = word.count(occurrences)
        if in_turn.any():
            passages.add_to(turn, in_turn, passages.turn_sizes)
            passages.add_to(window, in_window, passages.window_sizes)
    return WordScores(passages.ids, turn, window)


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Where some numbers stand: the number, the row of its passage, and whether that is a term, and one of the turn."""

    numbers: Numbers
    rows: Counts
    is_term: npt.NDArray[np.bool_]
    is_turn: npt.NDArray[np.bool_]
    passages: int

    def count(self, chosen: npt.NDArray[np.bool_]) -> Counts:
        """Return how many of the chosen ones each passage has."""
        counts: Counts = np.bincount(self.rows[chosen], minlength=self.passages)
        return counts


class _Passages:
    """The rows of the passages, as they were read one after another."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._starts = np.flatnonzero(numbers == START)
        low, high, turns, terms = (numbers[self._starts + at].astype(np.int64) for at in range(1, HEADER))
        self.ids: Ids = low | (high << HALF)
        self.turn_sizes: Counts = turns
        self.window_sizes: Counts = terms

    def find(self, sought: set[int]) -> _Occurrences:
        """Return where these numbers stand behind the headers."""
        # A look at half of each number leaves few of them to compare.
        table = np.zeros(1 << 16, dtype=np.bool_)
        table[[number & 0xFFFF for number in sought]] = True
        at = np.flatnonzero(table[self._numbers.view("<u2")[::2]])
        at = at[np.isin(self._numbers[at], np.fromiter(sought, dtype=np.uint32))]
        rows = np.searchsorted(self._starts, at, side="right") - 1
        places = at - self._starts[rows] - HEADER
        kept = places >= 0
        at, rows, places = at[kept], rows[kept], places[kept]
        return _Occurrences(
            self._numbers[at], rows, places < self.window_sizes[rows], places < self.turn_sizes[rows], len(self.ids)
        )

    def add_to(self, scores: Floats, often: Counts, sizes: Counts) -> None:
        """Add the weight of a word to the scores of those that have it."""
        having = np.flatnonzero(often)
        scores[having] += weigh(len(self.ids), len(having), often[having], sizes[having], float(sizes.mean()))


class _Word:
    """A word of the question: the terms that it stands for, all of them together, or the beginning of pairs."""

    def __init__(self, word: str) -> None:
        self._first = first_of(word) if is_single(word) else None
        self._terms = [] if self._first else PACKER.numbers_of(word)

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers to look for."""
        return self._terms if self._first is None else self._first

    def count(self, found: _Occurrences) -> tuple[Counts, Counts]:
        """Return how often each passage has the word, in its turn and in its window."""
        if self._first is not None:
            turn = found.count(~found.is_term & (found.numbers == self._first.turn))
            return turn, turn + found.count(~found.is_term & (found.numbers == self._first.elsewhere))
        turns, windows = np.zeros((2, found.passages), dtype=np.int64)
        for at, number in enumerate(self._terms):
            these = found.is_term & (found.numbers == number)
            turn, window = found.count(these & found.is_turn), found.count(these)
            turns = turn if at == 0 else np.minimum(turns, turn)
            windows = window if at == 0 else np.minimum(windows, window)
        return turns, windows
