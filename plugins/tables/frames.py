"""Some rows of a table, as texts: what every kind of table is read into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BATCH_ROWS = 5_000
"""How many rows are read at once."""

Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class TextFrame:
    """Rows of as many cells as there are `columns`; a cell without text is None."""

    columns: tuple[str, ...]
    rows: Sequence[Row]

    @classmethod
    def trim(cls, columns: Iterable[str], rows: Iterable[Iterable[str | None]]) -> TextFrame:
        """Return the rows without white space around their cells."""
        return cls(tuple(columns), [tuple((cell.strip() or None) if cell else None for cell in row) for row in rows])

    def head(self, count: int) -> TextFrame:
        """Return the first rows."""
        return self if count >= len(self.rows) else TextFrame(self.columns, self.rows[:count])
