"""From a question to ranked recollections, within a scope and a budget.

Words (BM25) and meaning (cosine), of a message and of its window, each find candidates
(`memory.sqlite.finding`); all of the candidates are then scored by all of the parts (`memory.search.scoring`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

from memory.records import Passage, Recollection, TimeWindow
from memory.search.relevance import relevance
from memory.search.scoring import Candidate, Evidence, Score, score
from memory.search.segment import words
from memory.sqlite import lexical
from memory.sqlite.finding import MAX_QUESTION, Found, Request, find, meaning
from memory.sqlite.rows import PASSAGE_SELECT, micros, passage_of
from memory.sqlite.store import Store


async def recall(store: Store, request: Request) -> list[Recollection]:
    """Return the passages that answer the question best, best first."""
    query = lexical.terms(request.question[:MAX_QUESTION])
    found = await find(store, request, query)
    return await store.ask(lambda connection: _best(connection, request, query, found))


async def _best(
    connection: aiosqlite.Connection, request: Request, query: Sequence[str], found: Found
) -> list[Recollection]:
    cosines = await meaning(connection, found)
    candidates = await _candidates(connection, found.ids - request.exclude, request.window or request.named_time)
    evidence = Evidence(
        words=found.words,
        window_words=found.window_words,
        meaning=cosines,
        speakers=_speakers(request.question, candidates),
        in_time=_in_time(request.named_time, candidates),
    )
    scores = score(candidates, evidence)
    ranked = sorted(candidates, key=lambda each: (-scores[each.id].total, -each.said_at, each.id))
    passages = await _read(connection, [each.id for each in ranked[: request.limit * 3]])
    kept = _within_budget(_without_repeats(passages, request.question), request)
    context = await _context(connection, kept)
    telling = _without_names(query, evidence.speakers)
    return [
        Recollection(
            passage=each,
            score=scores[each.id].total,
            relevance=relevance(telling, [each, *context[each.id]], cosines.get(each.id)),
            parts=_rounded(scores[each.id]),
            context=context[each.id],
        )
        for each in kept
    ]


async def _candidates(connection: aiosqlite.Connection, ids: Iterable[int], time: TimeWindow | None) -> list[Candidate]:
    """Return what the ranking needs of passages, without facts that no longer hold, nor held at that time."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT p.id, session_id, previous_id, author, said_at, substr(rtrim(text), -1) IN ('?', '？', '؟', ';')
           FROM passages AS p LEFT JOIN facts AS f ON f.passage_id = p.id
           WHERE p.id IN (SELECT value FROM json_each(?))
           AND (f.valid_to IS NULL OR (f.valid_from < ? AND f.valid_to > ?))""",
        [json.dumps(list(ids)), time and micros(time.end), time and micros(time.start)],
    )
    return list(map(Candidate._make, rows))


def _speakers(question: str, candidates: Sequence[Candidate]) -> frozenset[str]:
    """Return the authors that the question names, by any part of their name of three letters or more."""
    asked = set(words(re.sub(r"['’]s\b", "", question[:MAX_QUESTION])))
    authors = {each.author for each in candidates}
    return frozenset(
        author
        for author in authors
        if any(part in asked for part in words(author) if len(part) > 2 or not part.isascii())
    )


def _without_names(query: Sequence[str], speakers: Iterable[str]) -> Sequence[str]:
    """Drop the names of who speaks there: everything they said would hold them."""
    names = {part for speaker in speakers for part in words(speaker)}
    return [word for word in query if word not in names] or query


def _in_time(window: TimeWindow | None, candidates: Sequence[Candidate]) -> frozenset[int]:
    if window is None:
        return frozenset()
    start, end = micros(window.start), micros(window.end)
    return frozenset(each.id for each in candidates if start <= each.said_at < end)


async def _read(connection: aiosqlite.Connection, ids: Sequence[int]) -> list[Passage]:
    """Return passages in the order of `ids`."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"{PASSAGE_SELECT} WHERE p.id IN (SELECT value FROM json_each(?))", [json.dumps(ids)]
    )
    by_id = {int(row[0]): passage_of(row) for row in rows}
    return [by_id[each] for each in ids if each in by_id]


def _without_repeats(passages: Sequence[Passage], question: str) -> list[Passage]:
    """Drop what says the same as a better one, and what says no more than the question itself."""
    seen = {("", _folded(question))}
    kept: list[Passage] = []
    for passage in passages:
        said = _folded(passage.text)
        if not said or ("", said) in seen or (passage.author, said) in seen:
            continue
        seen.add((passage.author, said))
        kept.append(passage)
    return kept


def _folded(text: str) -> str:
    return " ".join(words(text))


def _within_budget(passages: Sequence[Passage], request: Request) -> list[Passage]:
    if request.token_budget is None:
        return list(passages[: request.limit])
    count = request.count_tokens or estimate_tokens
    kept: list[Passage] = []
    left = request.token_budget
    for passage in passages[: request.limit]:
        left -= count(passage.text)
        if left < 0:
            break
        kept.append(passage)
    return kept


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has, where no tokenizer is at hand: four bytes a token."""
    return len(text.encode(errors="replace")) // 4 + 1


async def _context(connection: aiosqlite.Connection, passages: Sequence[Passage]) -> dict[int, tuple[Passage, ...]]:
    """Return the two messages before each passage, the earliest first."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT p.id, a.previous_id, a.id FROM passages AS p JOIN passages AS a ON a.id = p.previous_id
           WHERE p.id IN (SELECT value FROM json_each(?)) AND p.document_id IS NULL""",
        [json.dumps([each.id for each in passages])],
    )
    before = {int(row[0]): [at for at in row[1:] if at is not None] for row in rows}
    read = {each.id: each for each in await _read(connection, sorted({at for ids in before.values() for at in ids}))}
    return {each.id: tuple(read[at] for at in before.get(each.id, []) if at in read) for each in passages}


def _rounded(score: Score) -> dict[str, float]:
    return {name: round(share, 4) for name, share in score.parts.items()}
