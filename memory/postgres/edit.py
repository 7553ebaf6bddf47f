"""Changes a message's text, and all that was made from it."""

from __future__ import annotations

from collections.abc import Collection

from memory.forgetting.removed import Forgotten
from memory.forgetting.words import Text, telling_words
from memory.postgres import derived, facts, provenance
from memory.postgres.connection import Connection
from memory.postgres.forget import forget
from memory.postgres.insert import refresh, retire
from memory.postgres.locks import lock_memory
from memory.postgres.unhandled_updates import drop_unhandled
from memory.postgres.windows import followers, windows
from memory.receipts import Receipt
from memory.records import RECALLABLE, Scope, Selection
from memory.search.segment import clean


async def edit(
    connection: Connection, conversation_id: int, event_id: str, text: str, *, withdrawn: bool = False
) -> Forgotten | None:
    """Replace the text of the message with this event; None when there is none. Run in a transaction.

    With `withdrawn` it becomes a system line, which its author says no more. A platform that reports an
    edit which leaves the text as it was (a preview was added, say) changes nothing.
    """
    await lock_memory(connection)
    rows = await connection.fetch(
        "SELECT id, kind, text FROM passages WHERE conversation_id = $1 AND event_id = $2",
        conversation_id,
        clean(event_id),
    )
    found = next((Text(*row) for row in rows), None)
    if found is None:
        return None
    if found.text == clean(text):
        return Forgotten()
    outdated = await _forget_outdated(connection, found, text)
    kept = found.kind in RECALLABLE
    indexed = [found.passage_id, *await followers(connection, [found.passage_id])] if kept else []
    await retire(connection, await windows(connection, indexed))
    kind = "system" if withdrawn else found.kind
    await connection.execute(
        "UPDATE passages SET text = $1, kind = $2 WHERE id = $3", clean(text), kind, found.passage_id
    )
    await refresh(connection, indexed)
    scope = await derived.find_quotation_scope(connection, [found.passage_id])
    rare = await derived.find_rare_words(connection, [found])
    await drop_unhandled(connection, [found.passage_id])
    echoes = set(await derived.find_echoes(connection, scope, rare)) - {found.passage_id}
    return outdated + await _forget_all(connection, echoes)


async def _forget_outdated(connection: Connection, old: Text, text: str) -> Forgotten:
    """Forget the facts and the replies that were made from a message's old words: nobody says so any more.

    The files that came with it stay, and what was made from those.
    """
    rows = await connection.fetch(
        """SELECT p.id, p.kind, p.text FROM evidence AS e JOIN passages AS p ON p.id = e.passage_id
           WHERE e.source_id = $1 AND p.kind IN ('fact', 'answer', 'command')""",
        old.passage_id,
    )
    made = [Text(*row) for row in rows]
    replies = {each.passage_id for each in made if each.kind != "fact"}
    replies |= set(await derived.find_older_quotations(connection, [old])) - {old.passage_id}
    forgotten = await facts.retract(connection, [each.passage_id for each in made if each.kind == "fact"])
    forgotten += await _forget_all(connection, replies)
    gone = telling_words([old.text]) - telling_words([text])
    dropped = await provenance.drop_outdated(connection, old.passage_id, gone)
    return forgotten + Forgotten(Receipt(replies=dropped.replies, jobs=dropped.jobs, values=dropped.values))


async def _forget_all(connection: Connection, passage_ids: Collection[int]) -> Forgotten:
    if not passage_ids:  # a selection without ids would be one of everything
        return Forgotten()
    return await forget(connection, Scope.all(), Selection(passage_ids=tuple(passage_ids)))
