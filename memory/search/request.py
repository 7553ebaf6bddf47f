"""What passes between recall and the engine that searches: the request, the matches, and what is known of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from memory.embedders import Vectors
from memory.records import PassageKind, Scope, TimeWindow
from memory.search.scoring import PassageCandidate

MAX_QUESTION = 4000
"""Characters of a question that are looked at; no embedder reads more."""


class QuestionVector(NamedTuple):
    """A question's vector, the id of the model that made it, and that model's name."""

    model: int
    vector: Vectors
    name: str = ""


class VectorRows(NamedTuple):
    """Passages, and their vectors as the rows of a matrix of shape (passages, dimensions)."""

    passage_ids: Sequence[int]
    matrix: Vectors

    def select(self, passage_ids: Iterable[int]) -> dict[int, Vectors]:
        """Return the vectors of some of the passages, by id; those without one are left out."""
        row_of = {passage_id: row for row, passage_id in enumerate(self.passage_ids)}
        return {each: self.matrix[row_of[each]] for each in passage_ids if each in row_of}


NO_VECTORS = VectorRows((), np.empty((0, 0), dtype=np.float32))


@dataclass(frozen=True, slots=True)
class RecallQuery:
    """What is asked of the memory; `embed` makes a vector of the question's words, None where that can't be had."""

    question: str
    scope: Scope
    limit: int
    embed: Callable[[str], Awaitable[QuestionVector | None]]
    window: TimeWindow | None = None
    named_time: TimeWindow | None = None
    exclude: frozenset[int] = frozenset()
    token_budget: int | None = None
    count_tokens: Callable[[str], int] | None = None
    conversation_id: int | None = None
    person: str | None = None
    kinds: tuple[PassageKind, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether not all that the scope holds may be found."""
        filters = (self.window, self.conversation_id, self.person)
        return bool(self.kinds) or any(each is not None for each in filters)


@dataclass(frozen=True, slots=True)
class Matches:
    """The candidates, and the raw BM25 scores by passage id, of turn and window.

    `vector` is the question's, where one was made to search for what is near.
    """

    candidates: Sequence[PassageCandidate]
    words: Mapping[int, float]
    window_words: Mapping[int, float]
    vector: QuestionVector | None
