"""Changes a message's text, and all that was derived from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.insert import refresh, retire
from memory.segment import clean
from memory.windows import followers, windows


async def edit(connection: aiosqlite.Connection, conversation_id: int, event_id: str, text: str) -> bool:
    """Replace the text of the message with this event; False when there is none. Run in a transaction."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, kind FROM passages WHERE conversation_id = ? AND event_id = ?", [conversation_id, clean(event_id)]
    )
    found = next(iter(rows), None)
    if found is None:
        return False
    passage_id, kind = int(found[0]), str(found[1])
    indexed = [] if kind in ("answer", "command") else [passage_id, *await followers(connection, [passage_id])]
    await retire(connection, await windows(connection, indexed))
    await connection.execute("UPDATE passages SET text = ? WHERE id = ?", [clean(text), passage_id])
    await refresh(connection, indexed)
    return True
