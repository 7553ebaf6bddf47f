"""What passes between recall and the engine that searches: the request, the matches, and what is known of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from memory.embedders import Vectors
from memory.records import Scope, TimeWindow
from memory.search.scoring import Candidate

MAX_QUESTION = 4000
"""Characters of a question that are looked at; no embedder reads more."""

QuestionVector = tuple[int, Vectors]
"""A model's id, and the question's vector by it."""


@dataclass(frozen=True, slots=True)
class RecallRequest:
    """What is asked of the memory; `embed` makes the question's vector, None where that can't be had."""

    question: str
    scope: Scope
    limit: int
    embed: Callable[[], Awaitable[QuestionVector | None]]
    window: TimeWindow | None = None
    named_time: TimeWindow | None = None
    exclude: frozenset[int] = frozenset()
    token_budget: int | None = None
    count_tokens: Callable[[str], int] | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """The candidates, their raw BM25 scores by passage id, of turn and window, and the question's vector."""

    ids: frozenset[int]
    words: Mapping[int, float]
    window_words: Mapping[int, float]
    vector: QuestionVector | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the ranking knows of the matches, and the cosine of each one's window with the question, by passage id."""

    passages: Sequence[Candidate]
    meaning: Mapping[int, float]
