"""What was made from passages: what follows from them, what led to it, and older replies that quote them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from memory.forgetting.words import (
    HISTORY,
    MOST_TEXTS,
    MOST_TRACED,
    SHORTEST_QUOTE,
    Text,
    pick_some,
    quote_of,
    sought_words,
)
from memory.postgres import lexical
from memory.postgres.connection import Connection
from memory.search.segment import words


class QuotationScope(NamedTuple):
    """Where something can have been quoted, and whose it is: ids of conversations and of people."""

    conversations: list[int]
    authors: list[int]


async def follow(connection: Connection, roots: Collection[int]) -> list[int]:
    """Return passages and, down to the last, all passages that were drawn from them."""
    rows = await connection.fetch(
        """WITH RECURSIVE doomed (id) AS (
               SELECT unnest($1::bigint[])
               UNION
               SELECT e.passage_id FROM evidence AS e JOIN doomed ON doomed.id = e.source_id
           ) SELECT id FROM doomed""",
        sorted(roots),
    )
    return [int(row[0]) for row in rows]


async def read_texts(connection: Connection, passage_ids: Sequence[int]) -> list[Text]:
    """Return what passages say; of very many, every so many of them."""
    some = pick_some(passage_ids, MOST_TEXTS)
    rows = await connection.fetch("SELECT id, kind, text FROM passages WHERE id = ANY($1::bigint[])", list(some))
    return [Text(*row) for row in rows]


async def withhold_tellers(connection: Connection, doomed: Collection[int]) -> None:
    """Keep only the names of the commands in which doomed facts were told: they say the same. Run in a transaction."""
    rows = await connection.fetch(
        """SELECT DISTINCT s.id FROM evidence AS e
           JOIN passages AS s ON s.id = e.source_id AND s.kind = 'command'
           JOIN passages AS d ON d.id = e.passage_id AND d.kind = 'fact'
           WHERE e.passage_id = ANY($1::bigint[]) AND contains(joined(s.text), joined(d.text))""",
        list(doomed),
    )
    await _withhold(connection, [int(row[0]) for row in rows])


async def find_quotation_scope(connection: Connection, passage_ids: Collection[int]) -> QuotationScope:
    """Return the conversations in which passages could have been quoted, and who said them.

    They are their own, those of the same owner, and those with the same audience.
    """
    ids = list(passage_ids)
    rows = await connection.fetch(
        """SELECT DISTINCT o.id FROM conversations AS c
           JOIN conversations AS o ON o.id = c.id OR o.owner_id = c.owner_id
                OR o.platform = c.platform AND o.audience = c.audience
           WHERE c.id IN (SELECT conversation_id FROM passages WHERE id = ANY($1::bigint[]))""",
        ids,
    )
    authors = await connection.fetch(
        """SELECT DISTINCT author_id FROM passages
           WHERE id = ANY($1::bigint[]) AND author_id IS NOT NULL""",
        ids,
    )
    return QuotationScope([int(row[0]) for row in rows], [int(row[0]) for row in authors])


async def find_rare_words(connection: Connection, texts: Iterable[Text]) -> set[str]:
    """Return the telling words that only these texts had, forgotten by now."""
    return {word for word in sought_words(texts) if not await _is_said(connection, word)}


async def find_echoes(connection: Connection, scope: QuotationScope, rare: Collection[str]) -> list[int]:
    """Return the questions and the commands that have any of these words.

    Who forgets something does not want its words to stay in what they have asked about it. What others have asked in
    a group is theirs, and a command that something was kept or planned for stays with that.
    """
    if not rare:
        return []
    rows = await connection.fetch(
        f"""SELECT p.id, p.text FROM passages AS p JOIN conversations AS c ON c.id = p.conversation_id
            WHERE p.conversation_id = ANY($1::bigint[]) AND p.kind IN {HISTORY}
            AND p.author_id IS NOT NULL
            AND (c.owner_id IS NOT NULL OR p.author_id = ANY($2::bigint[]))
            AND NOT EXISTS (SELECT 1 FROM provenance WHERE source_id = p.id AND outbox_id IS NULL)
            AND NOT EXISTS (SELECT 1 FROM evidence AS e JOIN passages AS d ON d.id = e.passage_id
                            WHERE e.source_id = p.id AND d.kind IN ('fact', 'document'))""",
        scope.conversations,
        scope.authors,
    )
    return [int(at) for at, text in rows if not set(words(text)).isdisjoint(rare)]


async def _is_said(connection: Connection, word: str) -> bool:
    """Tell whether any memory has a word."""
    return await lexical.is_said(connection, word)


async def _withhold(connection: Connection, commands: Sequence[int]) -> None:
    """Keep of commands only their names."""
    rows = await connection.fetch("SELECT text, id FROM passages WHERE id = ANY($1::bigint[])", list(commands))
    await connection.execute_many(
        "UPDATE passages SET text = $1 WHERE id = $2", [("".join(text.split()[:1]), at) for text, at in rows]
    )


async def find_older_quotations(connection: Connection, texts: Sequence[Text]) -> list[int]:
    """Return the replies that quote one of these texts, of those from before it was noted what replies are made of.

    They are looked for within the scope of each text.
    """
    quoted = [
        (each.passage_id, quote_of(each.text)) for each in texts[:MOST_TRACED] if len(each.text) >= SHORTEST_QUOTE
    ]
    older = await connection.fetch("SELECT 1 FROM provenance_start WHERE passage_id > 0")
    if not quoted or not older:
        return []
    rows = await connection.fetch(
        f"""SELECT DISTINCT r.id FROM unnest($1::bigint[], $2::text[]) AS j (id, quote)
           JOIN passages AS p ON p.id = j.id
           JOIN conversations AS c ON c.id = p.conversation_id
           JOIN conversations AS o ON o.id = c.id OR o.owner_id = c.owner_id
                OR o.platform = c.platform AND o.audience = c.audience
           JOIN passages AS r ON r.conversation_id = o.id AND r.kind IN {HISTORY}
                AND r.kind <> 'question' AND r.id <> p.id AND r.id <= (SELECT max(passage_id) FROM provenance_start)
           WHERE contains(joined(r.text), j.quote)""",
        [at for at, _ in quoted],
        [quote for _, quote in quoted],
    )
    return [int(row[0]) for row in rows]
