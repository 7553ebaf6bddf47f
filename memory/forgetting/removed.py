"""What one transaction has removed; the same for every engine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from memory.receipts import Receipt
from memory.records import RECALLABLE


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What one transaction has forgotten: the receipt, what the passages said, and the kept files still to be removed.

    Of very many texts it holds some.
    """

    receipt: Receipt = field(default_factory=Receipt)
    texts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __add__(self, other: Forgotten) -> Forgotten:
        """Return what both have forgotten together."""
        return Forgotten(self.receipt + other.receipt, self.texts + other.texts, self.files + other.files)


@dataclass(frozen=True, slots=True)
class Dropped:
    """What went with its sources: how many of each, and in which conversations replies had waited."""

    replies: int = 0
    jobs: int = 0
    values: int = 0
    homes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Emptied:
    """How many documents and conversations went because nothing was left in them."""

    documents: int
    conversations: int


def count_removed(
    kinds: Sequence[str], vectors: int, dropped: Dropped, emptied: Emptied, files: Collection[str]
) -> Receipt:
    """Return the receipt of passages that were of these kinds, and of what went with them."""
    return Receipt(
        passages=len(kinds),
        vectors=vectors,
        full_text=sum(kind in RECALLABLE for kind in kinds),
        facts=kinds.count("fact"),
        answers=kinds.count("answer"),
        documents=emptied.documents,
        conversations=emptied.conversations,
        replies=dropped.replies,
        jobs=dropped.jobs,
        values=dropped.values,
        files=len(files),
    )
