"""The search for a question's words: BM25 over the blocks of `postings`, with the same scores as FTS5's."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from memory.postgres.connection import Connection
from memory.postgres.postings import ENTRY, Entries
from memory.search.bm25 import Floats, weigh
from memory.search.candidates import Words, find_telling
from memory.search.segment import is_single
from memory.search.tokens import COUNTER

Index = Literal["turn", "window"]

WINDOW_TURNS = 3
"""Messages that a window holds."""
_LAST = chr(0x10FFFF)

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SearchArea:
    """Which passages a search may find: those of these conversations; None: of all.

    `total` is how many passages there are at most, `enough` how many matches are worth scoring. In a small one, words
    that no message of it has are left out. Where the conversations are `counted_alone`, how rare a word is depends on
    them, and not on what else there is.
    """

    total: int
    enough: float
    conversations: Sequence[int] | None = None
    is_small: bool = False
    counted_alone: bool = False

    @property
    def counted(self) -> Sequence[int] | None:
        """The conversations that words are counted in; None: all."""
        return self.conversations if self.counted_alone else None


class _Totals(NamedTuple):
    """What BM25 knows of all that is indexed."""

    passages: int
    turn_tokens: int
    window_tokens: int

    def mean_size(self, index: Index) -> float:
        return (self.turn_tokens if index == "turn" else self.window_tokens) / max(self.passages, 1)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question: the terms it stands for, which it has all of or, as the beginning of pairs, any."""

    word: str
    terms: tuple[str, ...]
    is_any: bool


@dataclass(frozen=True, slots=True)
class CountedWords:
    """The words of a question, and in how many turns and windows of all each one is."""

    totals: _Totals
    words: Sequence[_Word]
    counts: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class WordMatches:
    """What a question's words match, within the area; scored when it is asked for."""

    totals: _Totals
    counts: Mapping[str, tuple[int, int]]
    """In how many turns and windows of all each word is."""
    entries: Mapping[str, Entries] = field(default_factory=dict)
    """Who has each word, by the word; each passage once."""

    def score(self, index: Index, area: SearchArea) -> tuple[Ids, Floats]:
        """Return the passages and their BM25 scores. Source of the score: SQLite's FTS5, k1 = 1.2, b = 0.75."""
        known = {word: turns for word in self.counts if (turns := self._count_turns(word, area))}
        if index == "window":
            known = {word: found * WINDOW_TURNS for word, found in known.items()}
        if not known:
            return np.empty(0, np.int64), np.empty(0)
        hits = {word: self._hits(word, index) for word in known}
        ids: Ids = np.unique(np.concatenate([each["id"] for each in hits.values()]))
        scores = np.zeros(len(ids))
        telling = find_telling(known, area.total, area.enough)
        times = _count_mentions(known, telling)
        for word, found in hits.items():
            scores[np.searchsorted(ids, found["id"])] += times[word] * self._weigh(word, found, index)
        if telling is not None:
            let_in = _let_in(telling, hits)
            kept = np.isin(ids, let_in)
            ids, scores = ids[kept], scores[kept]
        return ids, scores

    def _count_turns(self, word: str, area: SearchArea) -> int:
        return int(np.count_nonzero(self.entries[word]["turn"])) if area.is_small else self.counts[word][0]

    def _hits(self, word: str, index: Index) -> Entries:
        entries = self.entries.get(word)
        if entries is None:
            return np.empty(0, ENTRY)
        hits: Entries = entries[entries[index] > 0]
        return hits

    def _weigh(self, word: str, entries: Entries, index: Index) -> Floats:
        found = self.counts[word][0 if index == "turn" else 1]
        sizes, mean_size = entries[f"{index}_size"], self.totals.mean_size(index)
        return weigh(self.totals.passages, found, entries[index], sizes, mean_size)


async def count(
    connection: Connection, query: Sequence[str], conversations: Sequence[int] | None = None
) -> CountedWords:
    """Return how many passages of these conversations, or of all, have each word of a question."""
    words = await asyncio.to_thread(_split, query)
    totals = await _read_totals(connection, conversations)
    words = await _expand(connection, words)
    terms = await _count_terms(connection, {term for each in words for term in each.terms}, conversations)
    counts = {each.word: await _count_word(connection, each, terms, conversations) for each in words}
    return CountedWords(totals, words, counts)


async def find(connection: Connection, counted: CountedWords, area: SearchArea) -> WordMatches:
    """Return what a question's words match in an area."""
    terms = sorted({term for each in counted.words for term in each.terms})
    entries = await _read_entries(connection, terms, area.conversations)
    by_word = {each.word: _join(each, entries) for each in counted.words}
    return WordMatches(counted.totals, counted.counts, by_word)


async def is_said(connection: Connection, word: str) -> bool:
    """Tell whether any message has a word."""
    counted = await count(connection, [word])
    return any(turns for turns, _ in counted.counts.values())


async def find_ids(connection: Connection, words: Sequence[str]) -> set[int]:
    """Return the passages that have all of these words in their turn or in their window."""
    matches = await find(connection, await count(connection, words), SearchArea(0, 0))
    found = [set(matches.entries[word]["id"].tolist()) if word in matches.entries else set() for word in words]
    return set.intersection(*found) if found else set()


async def find_typed(
    connection: Connection, whole: Sequence[str], last: str, conversations: Sequence[int] | None
) -> list[int]:
    """Return the messages that have these words and one that begins like the last, those of the latest ids first."""
    words = await asyncio.to_thread(_split, [*whole, last])
    if len(words) <= len(whole):
        return []
    words[-1] = _Word(last, words[-1].terms, is_any=True)
    words = await _expand(connection, words)
    entries = await _read_entries(connection, sorted({at for each in words for at in each.terms}), conversations)
    joined = [_join(each, entries) for each in words]
    found = [set(some["id"][some["turn"] > 0].tolist()) for some in joined]
    return sorted(set.intersection(*found), reverse=True) if len(found) > len(whole) else []


def best(ids: Ids, scores: Floats, limit: int) -> dict[int, float]:
    """Return the best passages by id, the best first."""
    order = np.lexsort((ids, -scores))[:limit]
    return dict(zip(ids[order].tolist(), scores[order].tolist(), strict=True))


def _split(query: Sequence[str]) -> list[_Word]:
    """Return the words that have a term. Blocking."""
    split = [_Word(word, tuple(COUNTER.split(word)), is_single(word)) for word in query]
    return [each for each in split if each.terms]


async def _expand(connection: Connection, words: Sequence[_Word]) -> list[_Word]:
    """Give each beginning of pairs the terms that begin with it."""
    expanded: list[_Word] = []
    for each in words:
        if not each.is_any:
            expanded.append(each)
            continue
        rows = await connection.fetch(
            "SELECT DISTINCT term FROM postings WHERE term >= $1 AND term < $2",
            each.terms[0],
            each.terms[0] + _LAST,
        )
        if rows:
            expanded.append(_Word(each.word, tuple(str(row[0]) for row in rows), is_any=True))
    return expanded


async def _read_totals(connection: Connection, conversations: Sequence[int] | None) -> _Totals:
    rows = await connection.fetch(
        """SELECT sum(passages), sum(turn_tokens), sum(window_tokens) FROM word_totals
           WHERE $1::bigint[] IS NULL OR conversation_id = ANY($1)""",
        conversations,
    )
    return _Totals(*(int(each or 0) for each in rows[0]))


async def _count_terms(
    connection: Connection, terms: Collection[str], conversations: Sequence[int] | None
) -> dict[str, tuple[int, int]]:
    rows = await connection.fetch(
        """SELECT term, sum(turns), sum(windows) FROM postings
           WHERE term = ANY($1::text[]) AND ($2::bigint[] IS NULL OR conversation_id = ANY($2)) GROUP BY term""",
        sorted(terms),
        conversations,
    )
    return {str(term): (int(turns), int(windows)) for term, turns, windows in rows}


async def _read_entries(
    connection: Connection, terms: Sequence[str], conversations: Sequence[int] | None
) -> dict[str, Entries]:
    if not terms:
        return {}
    within = "" if conversations is None else "AND conversation_id = ANY($2::bigint[])"
    values = [] if conversations is None else [list(conversations)]
    rows = await connection.fetch(
        f"SELECT term, entries FROM postings WHERE term = ANY($1::text[]) {within}", list(terms), *values
    )
    blocks: defaultdict[str, list[bytes]] = defaultdict(list)
    for term, entries in rows:
        blocks[term].append(entries)
    return {term: np.frombuffer(b"".join(some), dtype=ENTRY) for term, some in blocks.items()}


def _join(word: _Word, entries: Mapping[str, Entries]) -> Entries:
    """Return who has a word: all of its terms, as often as the rarest of them, or any of them."""
    found = [entries[term] for term in word.terms if term in entries]
    if not found or (not word.is_any and len(found) < len(word.terms)):
        return np.empty(0, ENTRY)
    if len(found) == 1:
        return found[0]
    together = np.concatenate(found)
    ids, first, at = np.unique(together["id"], return_index=True, return_inverse=True)
    joined = together[first].copy()
    for name in ("turn", "window"):
        if word.is_any:
            joined[name] = np.bincount(at, weights=together[name])
        else:
            least = np.full(len(ids), np.iinfo(np.uint16).max, dtype=np.uint16)
            np.minimum.at(least, at, together[name])
            joined[name] = np.where(np.bincount(at) == len(word.terms), least, 0)
    return joined


async def _count_word(
    connection: Connection,
    word: _Word,
    counts: Mapping[str, tuple[int, int]],
    conversations: Sequence[int] | None,
) -> tuple[int, int]:
    """Return how many turns and windows of these conversations, or of all, have a word."""
    if len(word.terms) == 1:
        return counts.get(word.terms[0], (0, 0))
    entries = _join(word, await _read_entries(connection, word.terms, conversations))
    return int(np.count_nonzero(entries["turn"])), int(np.count_nonzero(entries["window"]))


def _count_mentions(known: Mapping[str, int], telling: Sequence[Words] | None) -> dict[str, int]:
    """Return how often each word counts: once for itself, and once for each telling set that it is in."""
    sets = telling or ()
    return {word: 1 + sum(word in each for each in sets) for word in known}


def _let_in(telling: Sequence[Words], hits: Mapping[str, Entries]) -> Ids:
    """Return the passages that have all words of a set."""
    found: list[Ids] = []
    for words in telling:
        ids: Ids = hits[words[0]]["id"]
        for other in words[1:]:
            ids = np.intersect1d(ids, hits[other]["id"])
        found.append(ids)
    return np.concatenate(found)
