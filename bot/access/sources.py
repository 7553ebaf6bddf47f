"""The passages that a handler works with, so that what it makes of them is forgotten with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.events import Reply


@dataclass(slots=True)
class HandlerSources:
    """The passages that a handler was `told` in, and those of the memory that it has `read`.

    It was told in the message that it handles and in the answers to what it asked; a job, in those that it was planned
    from. What it says is made from both; what it plans and keeps, from what it was told, and what it says itself.
    """

    told: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)

    def of_reply(self, reply: Reply) -> tuple[int, ...]:
        """Return what a reply is made from: where it names nothing itself, all that was read."""
        return tuple(sorted(self.told.union(reply.drawn_from or self.read)))

    @classmethod
    def of(cls, told: Iterable[int]) -> HandlerSources:
        """Return the sources of a handler that has read nothing yet."""
        return cls(set(told))
