"""What recall asks of an engine: candidates with their raw scores, and then the texts of the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from memory.records import Passage, Scope
from memory.search.request import Matches, RecallQuery, VectorRows


class SearchIndex(Protocol):
    """Finds what may answer a question; `memory.search` ranks it, in the same way for every engine.

    What is forgotten between two calls is left out of the second.
    """

    async def match(self, request: RecallQuery, words: Sequence[str]) -> Matches:
        """Return the passages that have the question's `words`, or are near its meaning, within the request's scope.

        Words and meaning are searched at the same time. In a small scope every passage is returned. Left out are those
        that the request excludes, and facts that no longer hold, nor did at the time it names.
        """

    async def read_vectors(self, scope: Scope, model: int, passage_ids: Sequence[int]) -> VectorRows:
        """Return the vectors of passages that were found within a scope by a model; it may be needed to find them.

        There are none when the model no longer serves, nor of passages without one.
        """

    async def read(self, scope: Scope, passage_ids: Sequence[int]) -> list[Passage]:
        """Return passages in the order of their ids; what is outside the scope is left out."""

    async def read_context(self, scope: Scope, passage_ids: Sequence[int]) -> dict[int, tuple[Passage, ...]]:
        """Return the two messages before each passage, the earliest first, by the passage's id.

        What is outside the scope is left out.
        """
