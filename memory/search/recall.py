"""From a question to ranked recollections, within a scope and a budget; the same for every engine.

The engine finds candidates by words (BM25) and meaning (cosine), of a message and of its window
(`memory.engine.Search`); all of them are then scored by all of the parts (`memory.search.scoring`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from memory.engine.search import Search
from memory.records import Passage, Recollection, TimeWindow
from memory.search.relevance import relevance
from memory.search.request import MAX_QUESTION, Candidates, Matches, RecallRequest
from memory.search.scoring import Candidate, Evidence, Score, score
from memory.search.segment import words
from memory.search.terms import terms
from memory.timestamps import micros


class _Ranking(NamedTuple):
    """The candidates, the best first, with their scores, and the authors that the question names."""

    ids: list[int]
    scores: dict[int, Score]
    speakers: frozenset[str]


async def recall(search: Search, request: RecallRequest) -> list[Recollection]:
    """Return the passages that answer the question best, best first."""
    query = terms(request.question[:MAX_QUESTION])
    matches = await search.match(request, query)
    candidates = await search.describe(request, matches)
    # In a thread: there may be thousands, and messages are to be received meanwhile.
    ranking = await asyncio.to_thread(_rank, request, matches, candidates)
    passages = await search.read(ranking.ids[: request.limit * 3])
    kept = _within_budget(_without_repeats(passages, request.question), request)
    context = await search.read_context([each.id for each in kept])
    telling = _without_names(query, ranking.speakers)
    return [
        Recollection(
            passage=each,
            score=ranking.scores[each.id].total,
            relevance=relevance(telling, [each, *context[each.id]], candidates.meaning.get(each.id)),
            parts=_rounded(ranking.scores[each.id]),
            context=context[each.id],
        )
        for each in kept
    ]


def _rank(request: RecallRequest, matches: Matches, candidates: Candidates) -> _Ranking:
    evidence = Evidence(
        words=matches.words,
        window_words=matches.window_words,
        meaning=candidates.meaning,
        speakers=_speakers(request.question, candidates.passages),
        in_time=_in_time(request.named_time, candidates.passages),
    )
    scores = score(candidates.passages, evidence)
    ranked = sorted(candidates.passages, key=lambda each: (-scores[each.id].total, -each.said_at, each.id))
    return _Ranking([each.id for each in ranked], scores, evidence.speakers)


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


def _within_budget(passages: Sequence[Passage], request: RecallRequest) -> list[Passage]:
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


def _rounded(score: Score) -> dict[str, float]:
    return {name: round(share, 4) for name, share in score.parts.items()}
