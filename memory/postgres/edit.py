"""Changes a message's text, and all that was made from it."""

from __future__ import annotations

from collections.abc import Sequence

from memory.forgetting.editing import EditSteps, edit_message
from memory.forgetting.removed import Forgotten
from memory.forgetting.words import Text
from memory.postgres import facts, provenance
from memory.postgres.connection import Connection
from memory.postgres.forget import REMOVAL
from memory.postgres.insert import refresh, retire
from memory.postgres.locks import lock_memory
from memory.postgres.unhandled_updates import drop_unhandled
from memory.postgres.windows import followers, windows
from memory.search.segment import clean


async def edit(
    connection: Connection, conversation_id: int, event_id: str, text: str, *, withdrawn: bool = False
) -> Forgotten | None:
    """Replace the text of the message with this event; None when there is none. Run in a transaction."""
    await lock_memory(connection)
    return await edit_message(_STEPS, connection, (conversation_id, event_id), text, withdrawn=withdrawn)


async def _find_message(connection: Connection, conversation_id: int, event_id: str) -> Text | None:
    rows = await connection.fetch(
        "SELECT id, kind, text FROM passages WHERE conversation_id = $1 AND event_id = $2",
        conversation_id,
        clean(event_id),
    )
    return next((Text(*row) for row in rows), None)


async def _find_made(connection: Connection, passage_id: int) -> list[Text]:
    rows = await connection.fetch(
        """SELECT p.id, p.kind, p.text FROM evidence AS e JOIN passages AS p ON p.id = e.passage_id
           WHERE e.source_id = $1 AND p.kind IN ('fact', 'answer', 'command')""",
        passage_id,
    )
    return [Text(*row) for row in rows]


async def _unindex(connection: Connection, passage_ids: Sequence[int]) -> None:
    await retire(connection, await windows(connection, passage_ids))


async def _write(connection: Connection, new: Text) -> None:
    await connection.execute(
        "UPDATE passages SET text = $1, kind = $2 WHERE id = $3", new.text, new.kind, new.passage_id
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
