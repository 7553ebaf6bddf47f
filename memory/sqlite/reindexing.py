"""Rebuilds the full-text indexes from the passages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.records import RECALLABLE
from memory.sqlite import lexical
from memory.sqlite.insert import index

_AT_ONCE = 1000


async def index_all(connection: aiosqlite.Connection) -> None:
    """Empty the indexes and index every passage that can be recalled. Run in a transaction."""
    await lexical.clear(connection)
    last = 0
    while ids := await _recallable_after(connection, last):
        await index(connection, ids)
        last = ids[-1]


async def _recallable_after(connection: aiosqlite.Connection, last: int) -> list[int]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id FROM passages WHERE id > ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?",
        [last, json.dumps(RECALLABLE), _AT_ONCE],
    )
    return [int(row[0]) for row in rows]
