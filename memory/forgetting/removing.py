"""In which order passages, and what was made from them, are forgotten; the same for every engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from memory.forgetting.removed import Forgotten
from memory.forgetting.words import Text, texts_to_trace
from memory.receipts import Receipt
from memory.records import Scope, Selection

ConnectionT = TypeVar("ConnectionT")
QuotedT = TypeVar("QuotedT")


@dataclass(frozen=True, slots=True)
class RemovalSteps(Generic[ConnectionT, QuotedT]):
    """What an engine does of a removal, on its own kind of connection and within one transaction.

    `QuotedT` is what it remembers of where something can have been quoted.
    """

    select: Callable[[ConnectionT, Scope, Selection], Awaitable[list[int]]]
    """Return the selected passages."""
    follow: Callable[[ConnectionT, Collection[int]], Awaitable[list[int]]]
    """Return passages and, down to the last, all passages that were drawn from them."""
    read_texts: Callable[[ConnectionT, Sequence[int]], Awaitable[list[Text]]]
    find_older_quotations: Callable[[ConnectionT, Sequence[Text]], Awaitable[list[int]]]
    """Return the replies that quote a text and were stored before the memory noted what replies are made of."""
    forget_judgements: Callable[[ConnectionT, Scope, Selection, Sequence[int]], Awaitable[int]]
    note_forgotten: Callable[[ConnectionT, Selection, Sequence[int]], Awaitable[None]]
    """Mark what came from an import, so that the same file does not bring it back."""
    find_quotation_scope: Callable[[ConnectionT, Collection[int]], Awaitable[QuotedT]]
    withhold_tellers: Callable[[ConnectionT, Collection[int]], Awaitable[None]]
    """Keep only the names of the commands in which doomed facts were told."""
    remove: Callable[[ConnectionT, Sequence[int]], Awaitable[Forgotten]]
    """Take passages out of every table and index."""
    find_rare_words: Callable[[ConnectionT, Iterable[Text]], Awaitable[set[str]]]
    """Return the telling words that only these texts had, which are removed by now."""
    find_echoes: Callable[[ConnectionT, QuotedT, Collection[str]], Awaitable[list[int]]]
    """Return the questions and the commands that have any of these words."""


async def forget_selected(
    steps: RemovalSteps[ConnectionT, QuotedT], connection: ConnectionT, scope: Scope, selection: Selection
) -> Forgotten:
    """Remove what fits the selection within the scope, what was made from it, and what asked about it."""
    roots = await steps.select(connection, scope, selection)
    # The words are read before anything goes: what is looked for below is told by them.
    texts = await steps.read_texts(connection, await steps.follow(connection, roots))
    older = await steps.find_older_quotations(connection, texts)
    doomed = await steps.follow(connection, [*roots, *older])
    judgements = await steps.forget_judgements(connection, scope, selection, doomed)
    if not doomed:
        return Forgotten(Receipt(judgements=judgements))
    await steps.note_forgotten(connection, selection, doomed)  # before it goes: the marks are made from it
    quoted = await steps.find_quotation_scope(connection, roots)
    await steps.withhold_tellers(connection, doomed)
    forgotten = await steps.remove(connection, doomed)
    # Only now: a word is rare when no memory that is left has it.
    rare = await steps.find_rare_words(connection, texts)
    if echoes := await steps.find_echoes(connection, quoted, rare):
        forgotten += await steps.remove(connection, await steps.follow(connection, echoes))
    counts = Receipt(judgements=judgements, by_text=len(set(older) - set(roots)))
    return forgotten + Forgotten(counts, texts_to_trace(texts))


async def forget_passages(
    steps: RemovalSteps[ConnectionT, QuotedT], connection: ConnectionT, passage_ids: Collection[int]
) -> Forgotten:
    """Remove these passages, whosever they are, and what was made from them."""
    if not passage_ids:  # a selection without ids would be one of everything
        return Forgotten()
    return await forget_selected(steps, connection, Scope.all(), Selection(passage_ids=tuple(passage_ids)))
