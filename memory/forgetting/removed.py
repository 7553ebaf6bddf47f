"""What one transaction has removed; the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass, field

from memory.receipts import Receipt


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
