"""Hooks of plugins into recall: they drop recollections, and add others that the person who asks may read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from memory import Memory
from memory.records import RECALLABLE, Recollection, Scope, Selection

MOST_ADDED = 20
"""By one hook; more are left out, from the last."""

RecallMethod = Callable[..., Awaitable[Sequence[Recollection] | None]]
"""A coroutine that is given a Context, the question and what was recalled, and returns what is to be recalled."""


@dataclass(frozen=True, slots=True)
class RecallHook:
    """A method that adds or drops recollections. The highest priority goes first."""

    handler: RecallMethod
    priority: int = 0
    plugin: str = ""


async def keep_within_scope(
    memory: Memory, scope: Scope, before: Sequence[Recollection], after: Iterable[Recollection]
) -> list[Recollection]:
    """Return what a hook gave back, in its order and each passage once, as far as the scope sees it.

    What was not recalled before is read again within the scope, and replaced by what is stored: a hook can neither
    widen what is seen nor put words into the memory's mouth. Context is kept only from what was recalled before.
    """
    known = {recollection.passage.id: recollection for recollection in before}
    given = {recollection.passage.id: recollection for recollection in after}
    added = [number for number in given if number not in known][:MOST_ADDED]
    selection = Selection(passage_ids=tuple(added), kinds=RECALLABLE)
    seen = {each.id: each for each in await memory.passages.select(scope, selection, limit=MOST_ADDED)} if added else {}
    return [
        replace(known[number], score=each.score, relevance=_share(each.relevance))
        if number in known
        else replace(each, passage=seen[number], relevance=_share(each.relevance), context=())
        for number, each in given.items()
        if number in known or number in seen
    ]


def _share(relevance: float) -> float:
    return min(max(relevance, 0.0), 1.0) if relevance == relevance else 0.0  # noqa: PLR0124 (a NaN differs from itself)
