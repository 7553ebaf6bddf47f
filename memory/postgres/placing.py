"""Where messages stand in a conversation: their neighbours, the sessions that they join, and the links between them."""

from __future__ import annotations

from collections.abc import Iterable

from memory.placing import FindNeighbour, PlacedMessage
from memory.postgres.connection import Connection
from memory.search.windows import SESSION_GAP


def neighbours_in(connection: Connection, conversation_id: int) -> FindNeighbour:
    """Return how the messages of a conversation are found by their time."""

    async def find(said_at: int, later: bool) -> PlacedMessage | None:  # noqa: FBT001 (of the type's making)
        condition, order = ("said_at > $2", "ASC") if later else ("said_at <= $2", "DESC")
        rows = await connection.fetch(
            f"""SELECT id, said_at, session_id FROM passages
                WHERE conversation_id = $1 AND {condition} AND kind IN ('message', 'system')
                ORDER BY said_at {order}, id {order} LIMIT 1""",
            conversation_id,
            said_at,
        )
        return next((PlacedMessage(*row) for row in rows), None)

    return find


async def join_sessions(connection: Connection, conversation_id: int, joined: dict[int, tuple[int, int]]) -> None:
    """Make sessions part of earlier ones, before the new messages are stored: a session's messages are neighbours."""
    await connection.execute_many(
        """UPDATE passages SET session_id = $3 WHERE conversation_id = $1 AND session_id = $2 AND said_at >= $4
           AND said_at < coalesce((SELECT said_at FROM passages WHERE conversation_id = $1 AND said_at > $4
                                   AND kind IN ('message', 'system') AND session_id <> $2 ORDER BY said_at LIMIT 1),
                                  9223372036854775807)""",
        [(conversation_id, later, earlier, start) for later, (earlier, start) in joined.items()],
    )


async def relink(connection: Connection, survivors: Iterable[int], doomed: Iterable[int]) -> None:
    """Link survivors, whose predecessor is gone, to the nearest message left in their session."""
    await connection.execute(
        """UPDATE passages AS p SET previous_id = (
               SELECT q.id FROM passages AS q
               WHERE q.conversation_id = p.conversation_id AND (q.said_at, q.id) < (p.said_at, p.id)
                 AND p.said_at - q.said_at <= $3 AND q.kind IN ('message', 'system') AND p.kind IN ('message', 'system')
               ORDER BY q.said_at DESC, q.id DESC LIMIT 1)
           WHERE id = ANY($1::bigint[]) AND previous_id = ANY($2::bigint[])""",
        list(survivors),
        list(doomed),
        SESSION_GAP,
    )
