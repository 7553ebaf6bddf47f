"""From a question to ranked recollections, within a scope and a budget; the same for every engine.

The engine finds candidates by words (BM25) and meaning (cosine), of a message and of its window
(`memory.engine.SearchIndex`); all of them are scored by all of the parts (`memory.search.scoring`). The best are read
and judged by what they say as well (`memory.search.passage_features`), and the best of these that differ are kept
(`memory.search.diversity`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from memory.embedders.multilingual import is_multilingual
from memory.engine.search import SearchIndex
from memory.records import Passage, Recollection, TimeWindow
from memory.search.diversity import choose_varied
from memory.search.languages import guess_languages, may_be_english
from memory.search.links import cut_link_tails
from memory.search.names import find_named, without_names
from memory.search.passage_features import says_when, substance
from memory.search.relevance import closeness, relevance
from memory.search.request import MAX_QUESTION, NO_VECTORS, Matches, QuestionVector, RecallQuery, VectorRows
from memory.search.scoring import MENTION, SAYS_WHEN, SUBSTANCE, PassageCandidate, RawScores, Score, score
from memory.search.segment import words
from memory.search.stemming import stem_forms
from memory.search.terms import terms
from memory.timestamps import micros

MOST_FORMS = 96
"""Words and forms of words that are searched for at most."""
_FEW = 0.1
"""Share of the candidates up to which their author's name counts as a word that fits."""
READ = 30
"""Of the best candidates this many are read at least, or twice as many as are wanted."""
READ_FOR_NAMES = 120
"""The same where a question names somebody of a group: whom a text mentions shows only when it is read."""
_SPOKEN_TO_WORDS = """
    you your u ur we du dich dir ihr euch wir tu te ti tú vous nous você vocês voi jij je ты вы"""
_SPOKEN_TO = frozenset(_SPOKEN_TO_WORDS.split())
"""Words of a text that speaks to whom it names, or with them, rather than of them."""
_TWO = 2
_AT_ONCE = 600
"""Candidates that are scored as fast as another thread can be asked to, about a millisecond."""


class _VectorScores(NamedTuple):
    """The cosine of each candidate's window with the question, by id, their vectors, and the name of their model.

    `understood` says that the model can read the question's language, so that its cosines mean something.
    """

    cosines: Mapping[int, float]
    rows: VectorRows
    model: str
    understood: bool

    def closeness(self, passage_id: int) -> float | None:
        """Return how near a passage is to the question; None without a vector, or with one that means nothing."""
        if passage_id not in self.cosines or not self.understood:
            return None
        return closeness(self.cosines[passage_id], self.model)


class _Told(NamedTuple):
    """A passage, and its words."""

    passage: Passage
    said: frozenset[str]


async def recall(search: SearchIndex, request: RecallQuery) -> list[Recollection]:
    """Return the passages that answer the question best, best first."""
    query = terms(request.question[:MAX_QUESTION])
    languages = guess_languages(request.question)
    matches = await search.match(request, [*query, *stem_forms(query, languages)][:MOST_FORMS])
    named = find_named(request.question, {each.author for each in matches.candidates})
    meaning = await _compare(search, request, matches, named)
    mentioned = _names_in_a_group(named, matches.candidates)
    read = max(request.limit * 2, READ_FOR_NAMES if mentioned else READ)
    if len(matches.candidates) > _AT_ONCE:  # messages are to be received meanwhile
        scores = await asyncio.to_thread(_rank, request, matches, named, meaning, read)
    else:
        scores = _rank(request, matches, named, meaning, read)
    passages, chosen = await _choose(search, request, scores, query, meaning, mentioned)
    kept = _within_budget(passages, request)
    # Only for what is kept: the neighbours of all candidates would be thousands of rows.
    context = await search.read_context(request.scope, [each.id for each in kept])
    telling = _telling_words(query, named, matches.candidates)
    without_time = _without_time(telling, request.named_time)
    in_time = _in_time(request.named_time, matches.candidates)
    return [
        Recollection(
            passage=each,
            score=chosen[each.id].total,
            relevance=relevance(
                without_time if each.id in in_time else telling,
                [each, *context[each.id]],
                meaning.closeness(each.id),
                languages,
            ),
            parts=_round_parts(chosen[each.id]),
            context=context[each.id],
        )
        for each in kept
    ]


def _telling_words(
    query: Sequence[str], named: Mapping[str, frozenset[str]], candidates: Sequence[PassageCandidate]
) -> Sequence[str]:
    """Return the words of a question that a passage about it would have.

    A name that few messages carry tells them apart and counts as a word; that of a main speaker does not.
    """
    names = {word for word, authors in named.items() if _tells_much(authors, candidates)}
    return [word for word in query if word not in named or word in names] or query


async def _compare(
    search: SearchIndex,
    request: RecallQuery,
    matches: Matches,
    names: Collection[str],
) -> _VectorScores:
    """Compare each candidate's window with the question without names."""
    wording = without_names(request.question, names)
    vector, rows = await _read_and_embed(search, request, matches, wording)
    if vector is None:
        return _VectorScores({}, NO_VECTORS, "", understood=False)
    # Not `@`: the library behind that divides so small a product among threads, which spin long after it is done.
    cosines = np.vecdot(rows.matrix, vector.vector).tolist() if rows.passage_ids else []
    understood = is_multilingual(vector.name) or may_be_english(request.question)
    return _VectorScores(dict(zip(rows.passage_ids, cosines, strict=True)), rows, vector.name, understood)


async def _read_and_embed(
    search: SearchIndex, request: RecallQuery, matches: Matches, wording: str
) -> tuple[QuestionVector | None, VectorRows]:
    """Return the vector of a wording of the question, and those of the candidates, by one model."""
    ids = [each.id for each in matches.candidates]
    searched = matches.vector
    if searched is None:
        vector = await request.embed(wording)
        return vector, NO_VECTORS if vector is None else await search.read_vectors(request.scope, vector.model, ids)
    if wording == request.question:  # the vector that the candidates were found by serves: no name was taken out
        return searched, await search.read_vectors(request.scope, searched.model, ids)
    vector, rows = await asyncio.gather(request.embed(wording), search.read_vectors(request.scope, searched.model, ids))
    if vector is not None and vector.model != searched.model:  # another serves since
        rows = await search.read_vectors(request.scope, vector.model, ids)
    return vector, rows


def _rank(
    request: RecallQuery,
    matches: Matches,
    named: Mapping[str, frozenset[str]],
    meaning: _VectorScores,
    read: int,
) -> dict[int, Score]:
    """Return the scores of the best candidates, by id, the best first: of as many as are to be read."""
    candidates = matches.candidates
    evidence = RawScores(
        words=matches.words,
        window_words=matches.window_words,
        meaning=meaning.cosines,
        speakers=frozenset[str]().union(*named.values()),
        in_time=_in_time(request.named_time, candidates),
        understood=meaning.understood,
    )
    scores = score(candidates, evidence)
    # Of equals the newest goes first, then the one stored first, so that the same question is answered the same way.
    ids = np.array([each.id for each in candidates], dtype=np.int64)
    said_at = np.array([each.said_at for each in candidates], dtype=np.int64)
    best = np.lexsort((ids, -said_at, -scores.totals))[:read]
    return {each: scores[each] for each in ids[best].tolist()}


async def _choose(
    search: SearchIndex,
    request: RecallQuery,
    scores: Mapping[int, Score],
    query: Sequence[str],
    meaning: _VectorScores,
    names: Collection[str],
) -> tuple[list[Passage], dict[int, Score]]:
    """Return the best passages that differ, best first, and their scores; what they say has its part in these."""
    # Texts are read only now: up to here hundreds of candidates are ranked by numbers alone.
    by_id = _without_repeats(await search.read(request.scope, list(scores)), request.question)
    asked = frozenset(query)
    told = {
        at: scores[at].plus(
            substance=SUBSTANCE * substance(said, asked),
            time_in_text=SAYS_WHEN * says_when(passage.text, said),
            mention=MENTION * (not said.isdisjoint(names) and said.isdisjoint(_SPOKEN_TO)),
        )
        for at, (passage, said) in by_id.items()
    }
    totals = {at: each.total for at, each in told.items()}
    ids = sorted(totals, key=lambda at: -totals[at])
    losses = choose_varied(ids, totals, meaning.rows.select(ids), request.limit)
    chosen = {at: told[at].plus(variety=loss) for at, loss in losses.items()}
    return [by_id[at].passage for at in chosen], chosen


def _names_in_a_group(named: Mapping[str, frozenset[str]], candidates: Sequence[PassageCandidate]) -> frozenset[str]:
    """Return the words of a question that name somebody of a group, where others tell of them; none where two talk.

    Two people call each other by name without telling anything of each other.
    """
    is_group = len({each.author for each in candidates}) > _TWO
    return frozenset(named) if is_group else frozenset()


def _in_time(window: TimeWindow | None, candidates: Sequence[PassageCandidate]) -> frozenset[int]:
    if window is None:
        return frozenset()
    start, end = micros(window.start), micros(window.end)
    return frozenset(each.id for each in candidates if start <= each.said_at < end)


def _without_time(words_asked: Sequence[str], window: TimeWindow | None) -> Sequence[str]:
    """Return a question's words without those that name its time, which what was said at that time need not repeat."""
    named = set(words(window.words)) if window is not None else set[str]()
    return [word for word in words_asked if word not in named] or words_asked


def _tells_much(authors: Collection[str], candidates: Sequence[PassageCandidate]) -> bool:
    """Tell whether a name tells messages apart: one of two people wrote half of them, one of a hundred very few."""
    wrote = sum(each.author in authors for each in candidates)
    return 0 < wrote <= _FEW * len(candidates)


def _without_repeats(passages: Sequence[Passage], question: str) -> dict[int, _Told]:
    """Drop what says the same as a better one, and what says no more than the question itself."""
    seen = {("", tuple(words(question)))}
    kept: dict[int, _Told] = {}
    for passage in passages:
        said = tuple(words(cut_link_tails(passage.text)))
        if not said or ("", said) in seen or (passage.author, said) in seen:
            continue
        seen.add((passage.author, said))
        kept[passage.id] = _Told(passage, frozenset(said))
    return kept


def _within_budget(passages: Sequence[Passage], request: RecallQuery) -> list[Passage]:
    if request.token_budget is None:
        return list(passages[: request.limit])
    count = request.count_tokens or estimate_tokens
    kept: list[Passage] = []
    left = request.token_budget
    for passage in passages[: request.limit]:
        left -= count(passage.text)
        if left < 0:  # what follows is worse, even where it would still fit
            break
        kept.append(passage)
    return kept


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has, where no tokenizer is at hand: four bytes a token."""
    return len(text.encode(errors="replace")) // 4 + 1


def _round_parts(score: Score) -> dict[str, float]:
    return {name: round(share, 4) for name, share in score.parts.items()}
