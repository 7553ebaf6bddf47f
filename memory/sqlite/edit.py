"""Changes a message's text, and all that was made from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

from memory.forgetting.editing import EditSteps, edit_message
from memory.forgetting.removed import Forgotten
from memory.forgetting.words import Text
from memory.search.segment import clean
from memory.sqlite import facts, provenance
from memory.sqlite.forget import REMOVAL
from memory.sqlite.insert import refresh, retire
from memory.sqlite.unhandled_updates import drop_unhandled
from memory.sqlite.windows import followers, windows


async def edit(
    connection: aiosqlite.Connection, conversation_id: int, event_id: str, text: str, *, withdrawn: bool = False
) -> Forgotten | None:
    """Replace the text of the message with this event; None when there is none. Run in a transaction."""
    return await edit_message(_STEPS, connection, (conversation_id, event_id), text, withdrawn=withdrawn)


async def _find_message(connection: aiosqlite.Connection, conversation_id: int, event_id: str) -> Text | None:
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, kind, text FROM passages WHERE conversation_id = ? AND event_id = ?",
        [conversation_id, clean(event_id)],
    )
    return next((Text(*row) for row in rows), None)


async def _find_made(connection: aiosqlite.Connection, passage_id: int) -> list[Text]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT p.id, p.kind, p.text FROM evidence AS e JOIN passages AS p ON p.id = e.passage_id
           WHERE e.source_id = ? AND p.kind IN ('fact', 'answer', 'command')""",
        [passage_id],
    )
    return [Text(*row) for row in rows]


async def _unindex(connection: aiosqlite.Connection, passage_ids: Sequence[int]) -> None:
    await retire(connection, await windows(connection, passage_ids))


async def _write(connection: aiosqlite.Connection, new: Text) -> None:
    await connection.execute(
        "UPDATE passages SET text = ?, kind = ? WHERE id = ?", [new.text, new.kind, new.passage_id]
    )


_STEPS = EditSteps(
    removal=REMOVAL,
    find_message=_find_message,
    find_made=_find_made,
    followers=followers,
    unindex=_unindex,
    write=_write,
    index=refresh,
    drop_unhandled=drop_unhandled,
    retract=facts.retract,
    drop_outdated=provenance.drop_outdated,
)
