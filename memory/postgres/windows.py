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
LEFT JOIN passages AS a ON a.id = p.previous_id AND a.conversation_id = p.conversation_id
                           AND p.kind IN ('message', 'system')
LEFT JOIN passages AS b ON b.id = a.previous_id AND b.conversation_id = p.conversation_id
WHERE p.id = ANY($1::bigint[])
"""


async def windows(
    connection: Connection, passage_ids: Iterable[int], conversation_id: int | None = None
) -> list[WindowRow]:
    """Return the windows of these passages as they stand now, in no particular order.

    To know the conversation that all of them are in saves a look into the partitions of the others.
    """
    sql, values = (
        (_SELECT, []) if conversation_id is None else (f"{_SELECT} AND p.conversation_id = $2", [conversation_id])
    )
    return [window_of(row) for row in await connection.fetch(sql, list(passage_ids), *values)]


async def load_texts(
    connection: Connection, conversation_id: int, texts: dict[int, MessageText], previous: dict[int, int | None]
) -> None:
    """Add to messages of a conversation, and to the ids of those before them, what else their windows hold."""
    for _ in range(PREDECESSORS):
        missing = {at for at in previous.values() if at is not None and at not in texts}
        if not missing:
            return
        rows = await connection.fetch(
            "SELECT id, author, text, previous_id FROM passages WHERE id = ANY($1::bigint[]) AND conversation_id = $2",
            list(missing),
            conversation_id,
        )
        for passage_id, author, text, previous_id in rows:
            texts[passage_id] = (author, text)
            previous[passage_id] = previous_id


async def followers(connection: Connection, passage_ids: Iterable[int], conversation_id: int | None = None) -> set[int]:
    """Return the messages whose windows hold one of these: up to two after each, itself left out.

    A document's piece stands for itself: its window holds no other. See `windows` about the conversation.
    """
    ids = set(passage_ids)
    if not ids:
        return set()
    within, values = ("true", []) if conversation_id is None else ("m.conversation_id = $2", [conversation_id])
    rows = await connection.fetch(
        f"""SELECT m.id FROM passages AS m WHERE m.previous_id = ANY($1::bigint[]) AND m.kind IN ('message', 'system')
            AND {within}
            UNION
            SELECT n.id FROM passages AS m
            JOIN passages AS n ON n.previous_id = m.id AND n.conversation_id = m.conversation_id
            WHERE m.previous_id = ANY($1::bigint[]) AND n.kind IN ('message', 'system') AND {within}""",
        list(ids),
        *values,
    )
    return {int(passage_id) for (passage_id,) in rows} - ids
