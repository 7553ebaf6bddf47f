"""Reads what of a conversation stands around a message; `memory.search.windows` makes the text of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.search.windows import PREDECESSORS, MessageText, WindowRow, window_of

_SELECT = """
SELECT p.id, p.kind, p.author, p.said_at, p.said_offset, p.text, d.name, f.key, b.author, b.text, a.author, a.text
FROM passages AS p
LEFT JOIN documents AS d ON d.id = p.document_id
LEFT JOIN facts AS f ON f.passage_id = p.id
LEFT JOIN passages AS a ON a.id = p.previous_id AND p.kind IN ('message', 'system')
LEFT JOIN passages AS b ON b.id = a.previous_id
WHERE p.id IN (SELECT value FROM json_each(?))
"""


async def windows(connection: aiosqlite.Connection, passage_ids: Iterable[int]) -> list[WindowRow]:
    """Return the windows of these passages as they stand now, in no particular order."""
    rows: Iterable[Any] = await connection.execute_fetchall(_SELECT, [json.dumps(list(passage_ids))])
    return [window_of(row) for row in rows]


async def load_texts(
    connection: aiosqlite.Connection, texts: dict[int, MessageText], previous: dict[int, int | None]
) -> None:
    """Add to messages, and to the ids of those before them, what else their windows hold."""
    for _ in range(PREDECESSORS):
        missing = {at for at in previous.values() if at is not None and at not in texts}
        rows: Iterable[Any] = await connection.execute_fetchall(
            "SELECT id, author, text, previous_id FROM passages WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(missing))],
        )
        for passage_id, author, text, previous_id in rows:
            texts[passage_id] = (author, text)
            previous[passage_id] = previous_id


async def followers(connection: aiosqlite.Connection, passage_ids: Iterable[int]) -> set[int]:
    """Return the messages whose windows hold one of these: up to two after each, itself left out.

    A document's piece stands for itself: its window holds no other.
    """
    sql = """
        SELECT id FROM passages
        WHERE previous_id IN (SELECT value FROM json_each(?1)) AND kind IN ('message', 'system')
        UNION
        SELECT n.id FROM passages AS n JOIN passages AS m ON m.id = n.previous_id
        WHERE m.previous_id IN (SELECT value FROM json_each(?1)) AND n.kind IN ('message', 'system')
    """
    ids = set(passage_ids)
    rows: Iterable[Any] = await connection.execute_fetchall(sql, [json.dumps(list(ids))])
    return {int(passage_id) for (passage_id,) in rows} - ids
