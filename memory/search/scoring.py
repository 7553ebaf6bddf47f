"""How much each part of the evidence weighs in recall.

The recipe was measured on five conversations of the LoCoMo benchmark (turn recall@10 0.856), and on the same made into
short lines with typing errors and nicknames (0.80); benchmarks/results tells what else was tried. The weights are round
numbers: a third more or less of any of them changes the mean of both by less than 0.01. Each list of scores is divided
by its maximum before it is summed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


def score(candidates: Sequence[PassageCandidate], evidence: RawScores) -> dict[int, Score]:
    """Return the score of each candidate, by id."""
    words = _normalise(evidence.words)
    window_words = _normalise(evidence.window_words)
    meaning = _normalise(evidence.meaning)
    own = {each.id: words.get(each.id, 0.0) + meaning.get(each.id, 0.0) for each in candidates}
    fit = {each.id: window_words.get(each.id, 0.0) + meaning.get(each.id, 0.0) for each in candidates}
    sessions = _sessions(candidates, fit)
    after = {each.previous_id: own[each.id] for each in candidates if each.previous_id is not None}
    asking = {each.id: own[each.id] / 2 for each in candidates if each.asks}
    scores: dict[int, Score] = {}
    for at, session_id, previous_id, author, _, asks in candidates:
        shares = (
            (WORDS if evidence.understood else WORDS_ALONE) * words.get(at, 0.0),
            WINDOW_WORDS * window_words.get(at, 0.0),
            (MEANING if evidence.understood else MEANING_UNREAD) * meaning.get(at, 0.0),
            NEXT * after.get(at, 0.0),
            REPLY * (0.0 if previous_id is None else asking.get(previous_id, 0.0)),
            SESSION * (sessions[session_id] if session_id is not None else min(fit[at] / ALONE, 1.0)),
            SPEAKER * (author in evidence.speakers),
            QUESTION * asks,
            TIME * (at in evidence.in_time),
        )
        scores[at] = Score(sum(shares), shares)
    return scores


def _normalise(scores: Mapping[int, float]) -> dict[int, float]:
    best = max(scores.values(), default=0.0)
    if best <= 0.0:
        return {}
    return {at: max(value, 0.0) / best for at, value in scores.items()}


def _sessions(candidates: Sequence[PassageCandidate], fit: Mapping[int, float]) -> dict[int, float]:
    """Return each session's score: the mean of its best messages, divided by the best session's."""
    members: defaultdict[int, list[float]] = defaultdict(list)
    for each in candidates:
        if each.session_id is not None:
            members[each.session_id].append(fit[each.id])
    means = {at: sum(sorted(scores)[-BEST_OF_SESSION:]) / BEST_OF_SESSION for at, scores in members.items()}
    best = max(means.values(), default=0.0)
    return {at: mean / best if best > 0.0 else 0.0 for at, mean in means.items()}
