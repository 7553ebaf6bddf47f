"""A connection as the engine's code uses it, with the types that asyncpg does not declare.

Values are bound as $1, $2, …; a list is bound as an array, for `= ANY($1)`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Row = tuple[Any, ...]
"""A row as it is read: it is indexed and unpacked as a tuple."""


class Connection:
    """One connection of the pool, lent for a piece of work."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    async def fetch(self, sql: str, *values: object) -> list[Row]:
        """Return all rows of a query."""
        rows: list[Row] = await self.raw.fetch(sql, *values)
        return rows

    async def fetch_value(self, sql: str, *values: object) -> Any:
        """Return the first column of the first row; None without a row."""
        return await self.raw.fetchval(sql, *values)

    async def execute(self, sql: str, *values: object) -> int:
        """Run a statement; return how many rows it has changed."""
        *_, count = str(await self.raw.execute(sql, *values)).rsplit(" ", 1)
        return int(count) if count.isdigit() else 0

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row of values, all of them sent at once."""
        if found := list(rows):
            await self.raw.executemany(sql, found)

    async def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Add rows to a table by COPY, the quickest way in."""
        if found := list(rows):
            await self.raw.copy_records_to_table(table, columns=list(columns), records=found)


Work = Callable[[Connection], Awaitable[T]]
"""A coroutine function of a connection. A write may be run again when another one stood in its way, so it keeps its
effects to the database."""
