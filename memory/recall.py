"""From a question to ranked recollections, within a scope and a budget.

Words (BM25) and meaning (cosine), of a message and of its window, each find candidates; all of the candidates are then
scored by all of the parts (`memory.scoring`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite

from memory import lexical, vectors
from memory.embedders import Vectors
from memory.records import RECALLABLE, Passage, Recollection, Scope, TimeWindow
from memory.relevance import relevance
from memory.rows import PASSAGE_SELECT, Condition, in_scope, micros, passage_of
from memory.scoring import Candidate, Evidence, Score, score
from memory.segment import words

LEXICAL_CANDIDATES = 200
NEAREST_CANDIDATES = 64
EXACT_BELOW = 4000
"""In a scope of fewer passages every one of them is a candidate, so that nothing is lost to a cut."""

MAX_QUESTION = 4000
"""Characters of a question that are looked at; no embedder reads more."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the memory; `embed` is the question's vector, of the model whose id goes with it."""

    question: str
    scope: Scope
    limit: int
    window: TimeWindow | None = None
    named_time: TimeWindow | None = None
    exclude: frozenset[int] = frozenset()
    vector: tuple[int, Vectors] | None = None
    token_budget: int | None = None
    count_tokens: Callable[[str], int] | None = None


async def recall(connection: aiosqlite.Connection, request: Request) -> list[Recollection]:
    """Return the passages that answer the question best, best first."""
    query = lexical.terms(request.question[:MAX_QUESTION])
    found = await _find(connection, request, query)
    candidates = await _candidates(connection, found.ids - request.exclude)
    evidence = Evidence(
        words=found.words,
        window_words=found.window_words,
        meaning=found.meaning,
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
            relevance=relevance(telling, [each, *context[each.id]], found.meaning.get(each.id)),
            parts=_rounded(scores[each.id]),
            context=context[each.id],
        )
        for each in kept
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    ids: frozenset[int]
    words: dict[int, float]
    window_words: dict[int, float]
    meaning: dict[int, float]


async def _find(connection: aiosqlite.Connection, request: Request, query: Sequence[str]) -> _Found:
    within = _visible(request)
    small = await _everything_in(connection, within)
    limit = LEXICAL_CANDIDATES if small is None else EXACT_BELOW
    by_words = await lexical.search(connection, "turn_words", query, within, limit)
    by_window = await lexical.search(connection, "window_words", query, within, limit)
    ids = set(small or ()) | by_words.keys() | by_window.keys()
    meaning: dict[int, float] = {}
    if request.vector is not None:
        model, vector = request.vector
        if small is None:
            near = await vectors.nearest(
                connection, model, vector, await _conversations(connection, request.scope), NEAREST_CANDIDATES
            )
            ids |= await _only(connection, near, within)
        meaning = await vectors.similarities(connection, model, vector, ids)
    return _Found(frozenset(ids), by_words, by_window, meaning)


def _visible(request: Request) -> Condition:
    """Return the predicate over `passages AS p` that every candidate passes: the scope first of all."""
    sql, values = in_scope(request.scope)
    parts, values = [sql, f"p.kind IN ({', '.join('?' * len(RECALLABLE))})"], [*values, *RECALLABLE]
    if request.window is not None:
        parts.append("p.said_at >= ? AND p.said_at < ?")
        values += [micros(request.window.start), micros(request.window.end)]
    return " AND ".join(parts), values


async def _everything_in(connection: aiosqlite.Connection, within: Condition) -> list[int] | None:
    """Return all that is visible when that is little, else None."""
    condition, values = within
    rows = list(
        await connection.execute_fetchall(
            f"SELECT p.id FROM passages AS p WHERE {condition} LIMIT ?", [*values, EXACT_BELOW]
        )
    )
    return [int(row[0]) for row in rows] if len(rows) < EXACT_BELOW else None


async def _conversations(connection: aiosqlite.Connection, scope: Scope) -> list[int] | None:
    """Return the conversations in scope, None when those are all there are."""
    condition, values = in_scope(scope, "id")
    rows: Iterable[Any] = await connection.execute_fetchall(f"SELECT id, {condition} FROM conversations", values)
    seen = list(rows)
    visible = [int(row[0]) for row in seen if row[1]]
    return None if len(visible) == len(seen) else visible


async def _only(connection: aiosqlite.Connection, ids: Sequence[int], within: Condition) -> set[int]:
    condition, values = within
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT p.id FROM passages AS p WHERE p.id IN (SELECT value FROM json_each(?)) AND {condition}",
        [json.dumps(ids), *values],
    )
    return {int(row[0]) for row in rows}


async def _candidates(connection: aiosqlite.Connection, ids: Iterable[int]) -> list[Candidate]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT id, session_id, previous_id, author, said_at, substr(rtrim(text), -1) IN ('?', '？', '؟', ';')
           FROM passages WHERE id IN (SELECT value FROM json_each(?))""",
        [json.dumps(list(ids))],
    )
    return [Candidate(*row) for row in rows]


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
