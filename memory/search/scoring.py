"""How much each part of the evidence weighs in recall.

The recipe was measured on five conversations of the LoCoMo benchmark (turn recall@10 0.856), and on the same made into
short lines with typing errors and nicknames (0.80); benchmarks/results tells what else was tried. The weights are round
numbers: a third more or less of any of them changes the mean of both by less than 0.01. Each list of scores is divided
by its maximum before it is summed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from memory.search.bm25 import Floats

WORDS = 0.3
WINDOW_WORDS = 0.3
MEANING = 0.55
WORDS_ALONE, MEANING_UNREAD = 0.5, 0.4
"""What words and meaning weigh where the model does not know the question's language, and takes for near by chance."""
NEXT = 0.15
REPLY = 0.1
"""What the question before a message gives to it, where that is what is asked about: the reply holds the answer."""
SESSION = 0.5
SPEAKER = 0.15
QUESTION = -0.2
TIME = 0.4
SUBSTANCE = 0.3
SAYS_WHEN = 0.1
MENTION = 0.3
"""What it gives to a text in a group that it names whom the question names."""
BEST_OF_SESSION = 3
ALONE = 2.0
"""What stands in no session, a fact, is scored as one whose messages all fit as it does; the best fits by 2."""


class PassageCandidate(NamedTuple):
    """What the ranking knows of a passage before its text is read. A tuple: hundreds are made for each question."""

    id: int
    session_id: int | None
    previous_id: int | None
    author: str
    said_at: int
    asks: bool


@dataclass(frozen=True, slots=True)
class RawScores:
    """The raw scores found for a question, by passage id: BM25 of turn and window, cosine of the window."""

    words: Mapping[int, float]
    window_words: Mapping[int, float]
    meaning: Mapping[int, float]
    speakers: frozenset[str] = frozenset()
    """Authors that the question names."""
    in_time: frozenset[int] = frozenset()
    """Passages said at a time that the question names."""
    understood: bool = True
    """Whether the model that the meanings come from knows the question's language."""


PARTS = (
    "words",
    "window words",
    "meaning",
    "next message",
    "is a reply",
    "session",
    "speaker",
    "is a question",
    "time",
)


class Score(NamedTuple):
    """A passage's score, and what each of PARTS gave to it; `more` holds parts that need its text, by name."""

    total: float
    shares: tuple[float, ...]
    more: tuple[tuple[str, float], ...] = ()

    @property
    def parts(self) -> dict[str, float]:
        """The parts that gave or took something, by name; they sum to the total."""
        return {name: share for name, share in (*zip(PARTS, self.shares, strict=True), *self.more) if share}

    def plus(self, **more: float) -> Score:
        """Return the score with further parts."""
        return Score(self.total + sum(more.values()), self.shares, (*self.more, *more.items()))


class Scores(Mapping[int, Score]):
    """The score of each candidate by id; a candidate's parts are put together when they are asked for."""

    def __init__(self, ids: Sequence[int], shares: Sequence[Floats]) -> None:
        self._rows = {passage_id: row for row, passage_id in enumerate(ids)}
        self._shares = shares
        self.totals: Floats = np.zeros(len(ids))
        for each in shares:  # one after another, as a sum of numbers is made: no other order, no other rounding
            self.totals = self.totals + each

    def __getitem__(self, passage_id: int) -> Score:
        """Return the score of a candidate."""
        row = self._rows[passage_id]
        return Score(float(self.totals[row]), tuple(float(each[row]) for each in self._shares))

    def __iter__(self) -> Iterator[int]:
        """Return the ids, in the order of the candidates."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Return how many candidates there are."""
        return len(self._rows)


def score(candidates: Sequence[PassageCandidate], evidence: RawScores) -> Scores:
    """Return the scores of the candidates. Arrays: a chat's messages, thousands, are all candidates of a question."""
    if not candidates:
        return Scores((), ())
    ids, session_ids, previous_ids, authors, _, asks = zip(*candidates, strict=True)
    words = _normalise(evidence.words, ids)
    window_words = _normalise(evidence.window_words, ids)
    meaning = _normalise(evidence.meaning, ids)
    own, fit = words + meaning, window_words + meaning
    is_question = np.array(asks, dtype=np.float64)
    after, before = _pass_on(ids, previous_ids, own, own / 2 * is_question)
    shares = (
        (WORDS if evidence.understood else WORDS_ALONE) * words,
        WINDOW_WORDS * window_words,
        (MEANING if evidence.understood else MEANING_UNREAD) * meaning,
        NEXT * after,
        REPLY * before,
        SESSION * _sessions(session_ids, fit),
        SPEAKER * _mark(authors, evidence.speakers),
        QUESTION * is_question,
        TIME * _mark(ids, evidence.in_time),
    )
    return Scores(ids, shares)


def _normalise(scores: Mapping[int, float], ids: Sequence[int]) -> Floats:
    """Return the scores of these passages as shares of the best of all."""
    best = max(scores.values(), default=0.0)
    if best <= 0.0:
        return np.zeros(len(ids))
    given = np.fromiter((scores.get(each, 0.0) for each in ids), dtype=np.float64, count=len(ids))
    normalised: Floats = np.maximum(given, 0.0) / best
    return normalised


def _pass_on(
    ids: Sequence[int], previous_ids: Sequence[int | None], own: Floats, asking: Floats
) -> tuple[Floats, Floats]:
    """Return what each message gets from the one after it, and from a question before it."""
    rows = {passage_id: row for row, passage_id in enumerate(ids)}
    previous = np.array([-1 if each is None else rows.get(each, -1) for each in previous_ids])
    at = np.flatnonzero(previous >= 0)
    after, before = np.zeros((2, len(ids)))
    after[previous[at]] = own[at]
    before[at] = asking[previous[at]]
    return after, before


def _sessions(session_ids: Sequence[int | None], fit: Floats) -> Floats:
    """Return the score of each message's session: the mean of its best messages, divided by the best session's."""
    shares: Floats = np.minimum(fit / ALONE, 1.0)
    joined = np.array([-1 if each is None else each for each in session_ids])
    at = np.flatnonzero(joined >= 0)
    if len(at):
        _, session, sizes = np.unique(joined[at], return_inverse=True, return_counts=True)
        ascending = fit[at][np.lexsort((fit[at], session))]
        ends = np.cumsum(sizes)
        means = np.zeros(len(sizes))
        for back in range(BEST_OF_SESSION, 0, -1):
            means += np.where(back <= sizes, ascending[np.maximum(ends - back, 0)], 0.0)
        means /= BEST_OF_SESSION
        best = means.max()
        shares[at] = means[session] / best if best > 0.0 else 0.0
    return shares


def _mark(values: Sequence[object], chosen: Collection[object]) -> Floats:
    """Return 1 for each value that is chosen, else 0."""
    return np.fromiter((each in chosen for each in values), dtype=np.float64, count=len(values))
