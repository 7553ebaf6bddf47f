"""A memory as plain rows, the same for every engine: what a move reads from one and writes to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

Value = int | float | str | bytes | bool | None
Row = tuple[Value, ...]
Key = tuple[Value, ...]


class Transfer(Protocol):
    """All that is kept but claims, which are of processes, and the index of words, which is made of the texts.

    Tables and their columns are those of `memory.moving`.
    """

    async def find_last(self, table: str) -> Key | None:
        """Return the key of the last row of a table; None when it is empty."""

    async def read(self, table: str, after: Key | None, limit: int) -> list[Row]:
        """Return the rows after a key, in the order of their keys."""

    async def write(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows in one transaction."""

    async def read_counters(self) -> dict[str, int]:
        """Return, by table, the last id that was ever given."""

    async def write_counters(self, counters: Mapping[str, int]) -> None:
        """Let ids go on after these."""

    async def index(self) -> None:
        """Index the words of what is not indexed yet."""
