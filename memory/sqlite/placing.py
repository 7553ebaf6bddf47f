"""Threads new messages into a conversation by their own time, among those that are there already."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import aiosqlite

from memory.sqlite.windows import SESSION_GAP


class ThreadPosition(NamedTuple):
    """Where a passage stands: the one before it in its session, and the session's id."""

    previous_id: int | None
    session_id: int
    id: int


class _Node(NamedTuple):
    id: int
    said_at: int
    session_id: int


class Thread:
    """Places messages that come sorted by time; asks the database (`seek`) only where they meet existing ones.

    `relinked` maps an existing message to the new one that now stands before it. Where new messages close the gap
    between two sessions, the later one becomes part of the earlier: `joined` names both, and when the later begins.
    """

    def __init__(self, connection: aiosqlite.Connection, conversation_id: int) -> None:
        self._connection = connection
        self._conversation_id = conversation_id
        self._before: _Node | None = None
        self._after: _Node | None = None
        self._sought = False
        self._last_is_new = False
        self.relinked: dict[int, int] = {}
        self.joined: dict[int, tuple[int, int]] = {}

    def passes(self, said_at: int) -> bool:
        """Tell whether a new message of this time comes after existing ones that are not known yet."""
        return not self._sought or (self._after is not None and said_at >= self._after.said_at)

    def place(self, passage_id: int, said_at: int) -> ThreadPosition:
        """Return the place of a new message; `said_at` must not decrease, nor pass what was sought."""
        before, after = self._before, self._after
        previous_id = None
        session_id = passage_id
        if before is not None and said_at - before.said_at <= SESSION_GAP:
            previous_id, session_id = before.id, before.session_id
        elif after is not None and after.said_at - said_at <= SESSION_GAP:
            session_id = after.session_id
        self._before = _Node(passage_id, said_at, session_id)
        self._last_is_new = True
        return ThreadPosition(previous_id, session_id, passage_id)

    def close(self) -> None:
        """Link the existing message after the last new one to it."""
        before, after = self._before, self._after
        if self._last_is_new and before and after and after.said_at - before.said_at <= SESSION_GAP:
            self.relinked[after.id] = before.id
            if after.session_id != before.session_id:
                self.joined[after.session_id] = (before.session_id, after.said_at)

    async def seek(self, said_at: int) -> None:
        """Find the existing messages around this time."""
        self.close()
        self._sought = True
        found = await self._neighbour("said_at <= ?", "DESC", said_at)
        if found is not None and (self._before is None or found.said_at >= self._before.said_at):
            self._before = found
            self._last_is_new = False
        self._after = await self._neighbour("said_at > ?", "ASC", said_at)

    async def _neighbour(self, condition: str, order: str, said_at: int) -> _Node | None:
        rows: Iterable[Any] = await self._connection.execute_fetchall(
            f"""SELECT id, said_at, session_id FROM passages
                WHERE conversation_id = ? AND {condition} AND kind IN ('message', 'system')
                ORDER BY said_at {order}, id {order} LIMIT 1""",
            [self._conversation_id, said_at],
        )
        return next((_Node(at, when, self._session(session)) for at, when, session in rows), None)

    def _session(self, session_id: int) -> int:
        return self.joined.get(session_id, (session_id,))[0]


async def join_sessions(
    connection: aiosqlite.Connection, conversation_id: int, joined: dict[int, tuple[int, int]]
) -> None:
    """Make sessions part of earlier ones, before the new messages are stored: a session's messages are neighbours."""
    await connection.executemany(
        """UPDATE passages SET session_id = ?3 WHERE conversation_id = ?1 AND session_id = ?2 AND said_at >= ?4
           AND said_at < ifnull((SELECT said_at FROM passages WHERE conversation_id = ?1 AND said_at > ?4
                                 AND kind IN ('message', 'system') AND session_id <> ?2 ORDER BY said_at LIMIT 1),
                                9223372036854775807)""",
        [(conversation_id, later, earlier, start) for later, (earlier, start) in joined.items()],
    )


async def relink(connection: aiosqlite.Connection, survivors: Iterable[int], doomed: Iterable[int]) -> None:
    """Link survivors, whose predecessor is gone, to the nearest message left in their session."""
    await connection.execute(
        """UPDATE passages AS p SET previous_id = (
               SELECT q.id FROM passages AS q
               WHERE q.conversation_id = p.conversation_id AND (q.said_at, q.id) < (p.said_at, p.id)
                 AND p.said_at - q.said_at <= ?3 AND q.kind IN ('message', 'system') AND p.kind IN ('message', 'system')
               ORDER BY q.said_at DESC, q.id DESC LIMIT 1)
           WHERE id IN (SELECT value FROM json_each(?1)) AND previous_id IN (SELECT value FROM json_each(?2))""",
        [json.dumps(list(survivors)), json.dumps(list(doomed)), SESSION_GAP],
    )
