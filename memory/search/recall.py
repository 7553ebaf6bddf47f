"""From a question to ranked recollections, within a scope and a budget; the same for every engine.

The engine finds candidates by words (BM25) and meaning (cosine), of a message and of its window
(`memory.engine.SearchIndex`); all of them are scored by all of the parts (`memory.search.scoring`). The best are read
and judged by what they say as well (`memory.search.cues`), and the best of these that differ (`memory.search.variety`)
are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from memory.embedders.multilingual import is_multilingual
from memory.engine.search import SearchIndex
from memory.records import Passage, Recollection, TimeWindow
from memory.search.cues import says_when, substance
from memory.search.languages import guess_languages, may_be_english
from memory.search.names import find_named, without_names
from memory.search.relevance import closeness, relevance
from memory.search.request import MAX_QUESTION, Matches, RecallRequest
from memory.search.scoring import SAYS_WHEN, SUBSTANCE, Evidence, PassageCandidate, Score, score
from memory.search.segment import words
from memory.search.stemming import stem_forms
from memory.search.terms import terms
from memory.search.variety import choose_varied
from memory.timestamps import micros

MOST_FORMS = 96
"""Words and forms of words that are searched for at most."""
READ = 40
"""Of the best candidates this many are read at least, or thrice as many as are wanted."""


class _Meaning(NamedTuple):
    """The cosine of each candidate's window with the question, by id, and the name of the model they are by."""

    cosines: Mapping[int, float]
    model: str

    def closeness(self, passage_id: int, question: str) -> float | None:
        """Return how near a passage is to the question; None without a vector, or with one that means nothing."""
        if passage_id not in self.cosines or not (is_multilingual(self.model) or may_be_english(question)):
            return None
        return closeness(self.cosines[passage_id], self.model)


async def recall(search: SearchIndex, request: RecallRequest) -> list[Recollection]:
    """Return the passages that answer the question best, best first."""
    query = terms(request.question[:MAX_QUESTION])
    languages = guess_languages(request.question)
    matches = await search.match(request, [*query, *stem_forms(query, languages)][:MOST_FORMS])
    candidates = await search.describe(request, matches)
    named = find_named(request.question, {each.author for each in candidates})
    meaning = await _compare(search, request, matches, candidates, named)
    # In a thread: there may be thousands, and messages are to be received meanwhile.
    scores = await asyncio.to_thread(_rank, request, matches, candidates, named, meaning)
    passages, chosen = await _choose(search, request, scores, query)
    kept = _within_budget(passages, request)
    context = await search.read_context([each.id for each in kept])
    telling = [word for word in query if word not in named] or query
    return [
        Recollection(
            passage=each,
            score=chosen[each.id].total,
            relevance=relevance(
                telling, [each, *context[each.id]], meaning.closeness(each.id, request.question), languages
            ),
            parts=_rounded(chosen[each.id]),
            context=context[each.id],
        )
        for each in kept
    ]


async def _compare(
    search: SearchIndex,
    request: RecallRequest,
    matches: Matches,
    candidates: Sequence[PassageCandidate],
    names: Collection[str],
) -> _Meaning:
    """Compare each candidate's window with the question without names."""
    wording = without_names(request.question, names)
    vector = matches.vector
    if vector is None or wording != request.question:
        vector = await request.embed(wording)
    if vector is None:
        return _Meaning({}, "")
    return _Meaning(await search.compare(vector, [each.id for each in candidates]), vector.name)


def _rank(
    request: RecallRequest,
    matches: Matches,
    candidates: Sequence[PassageCandidate],
    named: Mapping[str, frozenset[str]],
    meaning: _Meaning,
) -> dict[int, Score]:
    """Return the scores of the candidates, by id, the best first."""
    evidence = Evidence(
        words=matches.words,
        window_words=matches.window_words,
        meaning=meaning.cosines,
        speakers=frozenset[str]().union(*named.values()),
        in_time=_in_time(request.named_time, candidates),
    )
    scores = score(candidates, evidence)
    ranked = sorted(candidates, key=lambda each: (-scores[each.id].total, -each.said_at, each.id))
    return {each.id: scores[each.id] for each in ranked}


async def _choose(
    search: SearchIndex, request: RecallRequest, scores: Mapping[int, Score], query: Sequence[str]
) -> tuple[list[Passage], dict[int, Score]]:
    """Return the best passages that differ, best first, and their scores; what they say has its part in these."""
    read = list(islice(scores, max(request.limit * 3, READ)))
    passages, vectors = await asyncio.gather(search.read(read), search.read_vectors(read))
    by_id = {each.id: each for each in _without_repeats(passages, request.question)}
    asked = frozenset(query)
    told = {
        at: scores[at].plus(
            substance=SUBSTANCE * substance(each.text, asked), time_in_text=SAYS_WHEN * says_when(each.text)
        )
        for at, each in by_id.items()
    }
    totals = {at: each.total for at, each in told.items()}
    ids = sorted(totals, key=lambda at: -totals[at])
    chosen = {at: told[at].plus(variety=loss) for at, loss in choose_varied(ids, totals, vectors).items()}
    return [by_id[at] for at in chosen], chosen


def _in_time(window: TimeWindow | None, candidates: Sequence[PassageCandidate]) -> frozenset[int]:
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
