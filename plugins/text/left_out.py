"""What a reader has left out of a file, counted, and said in a sentence."""

from __future__ import annotations

from collections import Counter


class LeftOut:
    """Counts what was left out, by what it is called in the singular: "picture", "tracked deletion"."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, what: str, count: int = 1) -> None:
        """Count some more of a kind."""
        self._counts[what] += count

    def take(self, other: LeftOut) -> None:
        """Count what another has counted, too."""
        self._counts.update(other._counts)

    def notes(self) -> tuple[str, ...]:
        """Return the sentence, "3 comments and 1 picture were left out."; nothing when all was read."""
        parts = [f"{count:,} {what if count == 1 else f'{what}s'}" for what, count in self._counts.items() if count]
        if not parts:
            return ()
        listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        return (f"{listed} {'was' if self._counts.total() == 1 else 'were'} left out.",)
