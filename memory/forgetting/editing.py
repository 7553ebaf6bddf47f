"""In which order a message's text is changed, and what was made from its old words forgotten; for every engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic

from memory.forgetting.removed import Dropped, Forgotten
from memory.forgetting.removing import ConnectionT, QuotedT, RemovalSteps, forget_passages
from memory.forgetting.words import Text, telling_words
from memory.receipts import Receipt
from memory.records import RECALLABLE
from memory.search.segment import clean


@dataclass(frozen=True, slots=True)
class EditSteps(Generic[ConnectionT, QuotedT]):
    """What an engine does of an edit, on its own kind of connection and within one transaction."""

    removal: RemovalSteps[ConnectionT, QuotedT]
    find_message: Callable[[ConnectionT, int, str], Awaitable[Text | None]]
    """Return the message of a conversation with this event."""
    find_made: Callable[[ConnectionT, int], Awaitable[list[Text]]]
    """Return the facts and the replies that were made from a passage."""
    followers: Callable[[ConnectionT, Sequence[int]], Awaitable[set[int]]]
    """Return the messages whose windows hold one of these."""
    unindex: Callable[[ConnectionT, Sequence[int]], Awaitable[None]]
    """Take passages out of the indexes, before something that their windows hold changes."""
    write: Callable[[ConnectionT, Text], Awaitable[None]]
    """Store the new kind and text of a passage."""
    index: Callable[[ConnectionT, Sequence[int]], Awaitable[None]]
    drop_unhandled: Callable[[ConnectionT, Sequence[int]], Awaitable[None]]
    """Delete the updates that may hold the old text."""
    retract: Callable[[ConnectionT, Sequence[int]], Awaitable[Forgotten]]
    """Forget facts, and let those that they closed hold again."""
    drop_outdated: Callable[[ConnectionT, int, Collection[str]], Awaitable[Dropped]]
    """Delete what was kept or planned for a message and holds words that are gone from it."""


async def edit_message(
    steps: EditSteps[ConnectionT, QuotedT],
    connection: ConnectionT,
    at: tuple[int, str],
    text: str,
    *,
    withdrawn: bool,
) -> Forgotten | None:
    """Replace the text of the message of this conversation and event; None when there is none.

    With `withdrawn` it becomes a system line, which its author says no more. A platform that reports an
    edit which leaves the text as it was (a preview was added, say) changes nothing.
    """
    old = await steps.find_message(connection, *at)
    if old is None:
        return None
    if old.text == clean(text):
        return Forgotten()
    edited = old.passage_id
    outdated = await _forget_outdated(steps, connection, old, text)
    indexed = [edited, *await steps.followers(connection, [edited])] if old.kind in RECALLABLE else []
    await steps.unindex(connection, indexed)
    await steps.write(connection, Text(edited, "system" if withdrawn else old.kind, clean(text)))
    await steps.index(connection, indexed)
    quoted = await steps.removal.find_quotation_scope(connection, [edited])
    rare = await steps.removal.find_rare_words(connection, [old])
    await steps.drop_unhandled(connection, [edited])
    echoes = set(await steps.removal.find_echoes(connection, quoted, rare)) - {edited}
    return outdated + await forget_passages(steps.removal, connection, echoes)


async def _forget_outdated(
    steps: EditSteps[ConnectionT, QuotedT], connection: ConnectionT, old: Text, text: str
) -> Forgotten:
    """Forget the facts and the replies that were made from a message's old words: nobody says so any more.

    The files that came with it stay, and what was made from those.
    """
    made = await steps.find_made(connection, old.passage_id)
    replies = {each.passage_id for each in made if each.kind != "fact"}
    replies |= set(await steps.removal.find_older_quotations(connection, [old])) - {old.passage_id}
    forgotten = await steps.retract(connection, [each.passage_id for each in made if each.kind == "fact"])
    forgotten += await forget_passages(steps.removal, connection, replies)
    gone = telling_words([old.text]) - telling_words([text])
    dropped = await steps.drop_outdated(connection, old.passage_id, gone)
    return forgotten + Forgotten(Receipt(replies=dropped.replies, jobs=dropped.jobs, values=dropped.values))
