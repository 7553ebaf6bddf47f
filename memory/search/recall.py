"""From a question to ranked recollections, within a scope and a budget; the same for every engine.

The engine finds candidates by words (BM25) and meaning (cosine), of a message and of its window
(`memory.engine.Search`); all of them are scored by all of the parts (`memory.search.scoring`). The best are read and
judged by what they say as well (`memory.search.cues`), and the best of these that differ (`memory.search.variety`)
are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from memory.embedders import Vectors
from memory.engine.search import Search
from memory.records import Passage, Recollection, TimeWindow
from memory.search.cues import says_when, substance
from memory.search.languages import guess_languages
from memory.search.names import find_named, without_names
from memory.search.relevance import relevance
from memory.search.request import MAX_QUESTION, Matches, QuestionVector, RecallRequest
from memory.search.scoring import SAYS_WHEN, SUBSTANCE, Candidate, Evidence, Score, score
from memory.search.segment import words
from memory.search.stemming import stem_forms
from memory.search.terms import terms
from memory.search.variety import choose_varied
from memory.timestamps import micros

MOST_FORMS = 96
"""Words and forms of words that are searched for at most."""
READ = 40
"""Of the best candidates this many are read at least, or thrice as many as are wanted."""


class _Ranking(NamedTuple):
    """The candidates, the best first, with their scores, and the cosine of each with the question."""

    ids: list[int]
    scores: dict[int, Score]
    meaning: Mapping[int, float]


async def recall(search: Search, request: RecallRequest) -> list[Recollection]:
    """Return the passages that answer the question best, best first."""
    query = terms(request.question[:MAX_QUESTION])
    languages = guess_languages(request.question)
    matches = await search.match(request, [*query, *stem_forms(query, languages)][:MOST_FORMS])
    candidates = await search.describe(request, matches)
    named = find_named(request.question, {each.author for each in candidates})
    meaning = await _compare(search, request, matches, candidates, named)
    # In a thread: there may be thousands, and messages are to be received meanwhile.
    ranking = await asyncio.to_thread(_rank, request, matches, candidates, named, meaning)
    read = ranking.ids[: max(request.limit * 3, READ)]
    passages, vectors = await asyncio.gather(search.read(read), search.read_vectors(read))
    chosen = _choose(_without_repeats(passages, request.question), ranking.scores, vectors, query)
    by_id = {each.id: each for each in passages}
    kept = _within_budget([by_id[each] for each in chosen], request)
    context = await search.read_context([each.id for each in kept])
    telling = [word for word in query if word not in named] or query
    return [
        Recollection(
            passage=each,
            score=chosen[each.id].total,
            relevance=relevance(telling, [each, *context[each.id]], ranking.meaning.get(each.id), languages),
            parts=_rounded(chosen[each.id]),
            context=context[each.id],
        )
        for each in kept
    ]


async def _compare(
    search: Search, request: RecallRequest, matches: Matches, candidates: Sequence[Candidate], names: Collection[str]
) -> Mapping[int, float]:
    """Return the cosine of each candidate's window with the question without names, by id."""
    wording = without_names(request.question, names)
    vector: QuestionVector | None = matches.vector
    if vector is None or wording != request.question:
        vector = await request.embed(wording)
    return {} if vector is None else await search.compare(vector, [each.id for each in candidates])


def _rank(
    request: RecallRequest,
    matches: Matches,
    candidates: Sequence[Candidate],
    named: Mapping[str, frozenset[str]],
    meaning: Mapping[int, float],
) -> _Ranking:
    evidence = Evidence(
        words=matches.words,
        window_words=matches.window_words,
        meaning=meaning,
        speakers=frozenset[str]().union(*named.values()),
        in_time=_in_time(request.named_time, candidates),
    )
    scores = score(candidates, evidence)
    ranked = sorted(candidates, key=lambda each: (-scores[each.id].total, -each.said_at, each.id))
    return _Ranking([each.id for each in ranked], scores, meaning)


def _choose(
    passages: Sequence[Passage], scores: Mapping[int, Score], vectors: Mapping[int, Vectors], query: Sequence[str]
) -> dict[int, Score]:
    """Return the ids of passages, the best that differ first, with their scores; what they say has its part in them."""
    asked = frozenset(query)
    told = {
        each.id: scores[each.id].plus(
            substance=SUBSTANCE * substance(each.text, asked), time_in_text=SAYS_WHEN * says_when(each.text)
        )
        for each in passages
    }
    totals = {at: each.total for at, each in told.items()}
    ids = sorted(totals, key=lambda at: -totals[at])
    return {at: told[at].plus(variety=loss) for at, loss in choose_varied(ids, totals, vectors).items()}


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
