"""The search for words within a few conversations: BM25 by what these hold, whatever else the memory holds.

FTS5 counts for each word of a question every passage of the memory that has it. Here the words of the conversations are
read, and nothing else: how long that takes, and how rare a word is, no other chat decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import ne
from typing import Any

import aiosqlite
import numpy as np
import numpy.typing as npt

from memory.search.bm25 import Floats, weigh
from memory.search.index_texts import IndexTexts
from memory.search.segment import is_single
from memory.sqlite.term_rows import HALF, HEADER, PACKER, START, Numbers, first_of, split_rows

TOGETHER = 64
"""Passages in a row at most: some ten thousand bytes, which are written again when one of them changes."""
_INSERT = "INSERT INTO conversation_words (conversation_id, first_id, passages, terms) VALUES (?, ?, ?, ?)"

INDEXED = "SELECT id FROM passages WHERE kind NOT IN ('question', 'answer', 'command')"
"""The passages whose words are indexed."""
MISSING = f"""
SELECT p.id FROM passages AS p, conversation_words_state AS s
WHERE p.id IN ({INDEXED}) AND p.id NOT BETWEEN s.filled_to + 1 AND s.last_older
AND p.id >= ifnull((SELECT w.first_id + w.passages FROM conversation_words AS w
                    WHERE w.conversation_id = p.conversation_id AND w.first_id <= p.id
                    ORDER BY w.first_id DESC LIMIT 1), 0)
"""
"""Those whose words are not kept, though they do not wait for it."""
STALE = f"""
SELECT w.conversation_id, w.first_id FROM conversation_words AS w
WHERE w.passages <> (SELECT count(*) FROM passages AS p
                     WHERE p.id >= w.first_id AND p.id < w.first_id + w.passages
                     AND p.conversation_id = w.conversation_id AND p.id IN ({INDEXED}))
"""
"""Rows with the words of a passage that is not there, or elsewhere."""
_SUMS = """
SELECT (SELECT count(*) || ' ' || ifnull(sum(id), 0) FROM turn_words_docsize)
    = (SELECT ifnull(sum(passages), 0) || ' ' || ifnull(sum(passages * first_id + passages * (passages - 1) / 2), 0)
       FROM conversation_words)
"""

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


async def add(
    connection: aiosqlite.Connection, texts: Sequence[IndexTexts], conversation_id: int | None = None
) -> None:
    """Keep the words of passages, given with their stems, that are not kept yet; of one conversation where it is known.

    Those that wait to be filled in are left to that.
    """
    filled_to, last_older = await read_progress(connection)
    waiting = range(filled_to + 1, last_older + 1)
    ready = sorted((each for each in texts if each.passage_id not in waiting), key=lambda each: each.passage_id)
    ids = [each.passage_id for each in ready]
    homes = await _read_homes(connection, ids) if conversation_id is None else dict.fromkeys(ids, conversation_id)
    packed = [
        (homes[each.passage_id], each.passage_id, row)
        for each, row in zip(ready, PACKER.pack(ready), strict=True)
        if each.passage_id in homes
    ]
    await connection.executemany(_INSERT, _join(packed))


async def remove(connection: aiosqlite.Connection, passage_ids: Iterable[int]) -> None:
    """Remove the words of passages; run it while they are there."""
    for passage_id, conversation_id in sorted((await _read_homes(connection, list(passage_ids))).items()):
        rows: Iterable[Any] = await connection.execute_fetchall(
            """SELECT first_id FROM conversation_words WHERE conversation_id = ?1 AND first_id = (
                   SELECT max(first_id) FROM conversation_words WHERE conversation_id = ?1 AND first_id <= ?2)
               AND first_id + passages > ?2""",
            [conversation_id, passage_id],
        )
        for (first_id,) in rows:
            await _write_again(connection, conversation_id, first_id, partial(ne, passage_id))


async def drop_stale(connection: aiosqlite.Connection, conversation_id: int, first_id: int) -> None:
    """Remove from a row the words of passages that are not there."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT id FROM passages WHERE id >= ?2 AND id < ?2 + {TOGETHER} AND conversation_id = ?1
            AND id IN ({INDEXED})""",
        [conversation_id, first_id],
    )
    living = {int(row[0]) for row in rows}
    await _write_again(connection, conversation_id, first_id, living.__contains__)


async def _write_again(
    connection: aiosqlite.Connection, conversation_id: int, first_id: int, is_kept: Callable[[int], bool]
) -> None:
    """Write a row without the passages that are not kept."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "DELETE FROM conversation_words WHERE conversation_id = ? AND first_id = ? RETURNING terms",
        [conversation_id, first_id],
    )
    left = [each for (terms,) in rows for each in enumerate(split_rows(terms), first_id) if is_kept(each[0])]
    await connection.executemany(_INSERT, _join([(conversation_id, at, row) for at, row in left]))


async def agree_with_index(connection: aiosqlite.Connection) -> bool:
    """Tell whether as many passages are kept here as in the index of messages, and their ids have the same sum."""
    rows: Iterable[Any] = await connection.execute_fetchall(_SUMS)
    return bool(next(iter(rows))[0])


async def clear(connection: aiosqlite.Connection) -> None:
    """Remove all words; none wait to be filled in then."""
    await connection.execute("DELETE FROM conversation_words")
    await connection.execute("UPDATE conversation_words_state SET filled_to = last_older")


async def read_progress(connection: aiosqlite.Connection) -> tuple[int, int]:
    """Return up to which passage those older than the table are filled in, and the last of them."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT filled_to, last_older FROM conversation_words_state"
    )
    filled_to, last_older = next(iter(rows))
    return int(filled_to), int(last_older)


async def note_progress(connection: aiosqlite.Connection, filled_to: int) -> None:
    """Note that the passages up to this one are no longer waiting to be filled in."""
    await connection.execute("UPDATE conversation_words_state SET filled_to = ?", [filled_to])


async def are_complete(connection: aiosqlite.Connection) -> bool:
    """Tell whether the words of all passages are here."""
    filled_to, last_older = await read_progress(connection)
    return filled_to >= last_older


async def _read_homes(connection: aiosqlite.Connection, passage_ids: Sequence[int]) -> dict[int, int]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, conversation_id FROM passages WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(passage_ids)],
    )
    return {int(passage_id): int(conversation_id) for passage_id, conversation_id in rows}


def _join(packed: Sequence[tuple[int, int, bytes]]) -> list[tuple[int, int, int, bytes]]:
    """Return the rows of passages, given by conversation and id, in the order of their ids."""
    joined: list[tuple[int, int, int, bytes]] = []
    for _, group in groupby(enumerate(packed), key=lambda each: (each[1][0], each[1][1] - each[0])):
        following = [each for _, each in group]
        for start in range(0, len(following), TOGETHER):
            some = following[start : start + TOGETHER]
            joined.append((some[0][0], some[0][1], len(some), b"".join(row for _, _, row in some)))
    return joined


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
