"""Reads what of a conversation stands around a message; `memory.search.windows` makes the text of it."""

from __future__ import annotations

from collections.abc import Iterable

from memory.postgres.connection import Connection
from memory.search.windows import PREDECESSORS, MessageText, WindowRow, window_of

_SELECT = """
SELECT p.id, p.kind, p.author, p.said_at, p.said_offset, p.text, d.name, f.key, b.author, b.text, a.author, a.text
FROM passages AS p
LEFT JOIN documents AS d ON d.id = p.document_id
LEFT JOIN facts AS f ON f.passage_id = p.id
LEFT JOIN passages AS a ON a.id = p.previous_id AND p.kind IN ('message', 'system')
LEFT JOIN passages AS b ON b.id = a.previous_id
WHERE p.id = ANY($1::bigint[])
"""


async def windows(connection: Connection, passage_ids: Iterable[int]) -> list[WindowRow]:
    """Return the windows of these passages as they stand now, in no particular order."""
    return [window_of(row) for row in await connection.fetch(_SELECT, list(passage_ids))]


async def load_texts(connection: Connection, texts: dict[int, MessageText], previous: dict[int, int | None]) -> None:
    """Add to messages, and to the ids of those before them, what else their windows hold."""
    for _ in range(PREDECESSORS):
        missing = {at for at in previous.values() if at is not None and at not in texts}
        if not missing:
            return
        rows = await connection.fetch(
            "SELECT id, author, text, previous_id FROM passages WHERE id = ANY($1::bigint[])", list(missing)
        )
        for passage_id, author, text, previous_id in rows:
            texts[passage_id] = (author, text)
            previous[passage_id] = previous_id


async def followers(connection: Connection, passage_ids: Iterable[int]) -> set[int]:
    """Return the messages whose windows hold one of these: up to two after each, itself left out.

    A document's piece stands for itself: its window holds no other.
    """
    ids = set(passage_ids)
    if not ids:
        return set()
    rows = await connection.fetch(
        """SELECT id FROM passages WHERE previous_id = ANY($1::bigint[]) AND kind IN ('message', 'system')
           UNION
           SELECT n.id FROM passages AS n JOIN passages AS m ON m.id = n.previous_id
           WHERE m.previous_id = ANY($1::bigint[]) AND n.kind IN ('message', 'system')""",
        list(ids),
    )
    return {int(passage_id) for (passage_id,) in rows} - ids
