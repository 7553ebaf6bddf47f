"""Changes a message's text, and all that was derived from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.records import RECALLABLE
from memory.search.segment import clean
from memory.sqlite import facts
from memory.sqlite.insert import refresh, retire
from memory.sqlite.windows import followers, windows


async def edit(connection: aiosqlite.Connection, conversation_id: int, event_id: str, text: str) -> bool:
    """Replace the text of the message with this event; False when there is none. Run in a transaction."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, kind FROM passages WHERE conversation_id = ? AND event_id = ?", [conversation_id, clean(event_id)]
    )
    found = next(iter(rows), None)
    if found is None:
        return False
    passage_id, kind = int(found[0]), str(found[1])
    if kind == "message":
        await _forget_facts(connection, passage_id)
    indexed = [passage_id, *await followers(connection, [passage_id])] if kind in RECALLABLE else []
    await retire(connection, await windows(connection, indexed))
    await connection.execute("UPDATE passages SET text = ? WHERE id = ?", [clean(text), passage_id])
    await refresh(connection, indexed)
    return True


async def _forget_facts(connection: aiosqlite.Connection, passage_id: int) -> None:
    """Forget the facts that were drawn from a message's old words: nobody says so any more."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT p.id FROM evidence AS e JOIN passages AS p ON p.id = e.passage_id AND p.kind = 'fact'
           WHERE e.source_id = ?""",
        [passage_id],
    )
    await facts.retract(connection, [int(row[0]) for row in rows])
