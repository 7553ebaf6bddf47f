"""What passes between recall and the engine that searches: the request, the matches, and what is known of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from memory.embedders import Vectors
from memory.records import Scope, TimeWindow

MAX_QUESTION = 4000
"""Characters of a question that are looked at; no embedder reads more."""


class QuestionVector(NamedTuple):
    """A question's vector, the id of the model that made it, and that model's name."""

    model: int
    vector: Vectors
    name: str = ""


@dataclass(frozen=True, slots=True)
class RecallRequest:
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


@dataclass(frozen=True, slots=True)
class Matches:
    """The candidates, and their raw BM25 scores by passage id, of turn and window.

    `vector` is the question's, where one was made to search for what is near.
    """

    ids: frozenset[int]
    words: Mapping[int, float]
    window_words: Mapping[int, float]
    vector: QuestionVector | None
