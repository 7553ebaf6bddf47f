"""What was made from passages: what follows from them, what led to it, and older replies that quote them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import aiosqlite

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
from memory.search.segment import words
from memory.sqlite.match import quote_word


class QuotationScope(NamedTuple):
    """Where something can have been quoted, and whose it is: ids of conversations and of people, as JSON."""

    conversations: str
    authors: str


async def follow(connection: aiosqlite.Connection, roots: Collection[int]) -> list[int]:
    """Return passages and, down to the last, all passages that were drawn from them."""
    # UNION and not UNION ALL: what was drawn from two of them is met once, and a circle of evidence ends.
    rows: Iterable[Any] = await connection.execute_fetchall(
        """WITH RECURSIVE doomed (id) AS (
               SELECT value FROM json_each(?)
               UNION
               SELECT e.passage_id FROM evidence AS e JOIN doomed ON doomed.id = e.source_id
           ) SELECT id FROM doomed""",
        [json.dumps(sorted(roots))],
    )
    return [int(row[0]) for row in rows]


async def read_texts(connection: aiosqlite.Connection, passage_ids: Sequence[int]) -> list[Text]:
    """Return what passages say; of very many, every so many of them."""
    some = pick_some(passage_ids, MOST_TEXTS)
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, kind, text FROM passages WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(some)]
    )
    return [Text(*row) for row in rows]


async def withhold_tellers(connection: aiosqlite.Connection, doomed: Collection[int]) -> None:
    """Keep only the names of the commands in which doomed facts were told: they say the same. Run in a transaction."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT DISTINCT s.id FROM evidence AS e
           JOIN passages AS s ON s.id = e.source_id AND s.kind = 'command'
           JOIN passages AS d ON d.id = e.passage_id AND d.kind = 'fact'
           WHERE e.passage_id IN (SELECT value FROM json_each(?1)) AND contains(joined(s.text), joined(d.text))""",
        [json.dumps(list(doomed))],
    )
    await _withhold(connection, [int(row[0]) for row in rows])


async def find_quotation_scope(connection: aiosqlite.Connection, passage_ids: Collection[int]) -> QuotationScope:
    """Return the conversations in which passages could have been quoted, and who said them.

    They are their own, those of the same owner, and those with the same audience.
    """
    ids = json.dumps(list(passage_ids))
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT DISTINCT o.id FROM conversations AS c
           JOIN conversations AS o ON o.id = c.id OR o.owner_id = c.owner_id
                OR o.platform = c.platform AND o.audience = c.audience
           WHERE c.id IN (SELECT conversation_id FROM passages WHERE id IN (SELECT value FROM json_each(?)))""",
        [ids],
    )
    authors: Iterable[Any] = await connection.execute_fetchall(
        """SELECT DISTINCT author_id FROM passages
           WHERE id IN (SELECT value FROM json_each(?)) AND author_id IS NOT NULL""",
        [ids],
    )
    return QuotationScope(json.dumps([int(row[0]) for row in rows]), json.dumps([int(row[0]) for row in authors]))


async def find_rare_words(connection: aiosqlite.Connection, texts: Iterable[Text]) -> set[str]:
    """Return the telling words that only these texts had, forgotten by now."""
    return {word for word in sought_words(texts) if not await _is_said(connection, word)}


async def find_echoes(connection: aiosqlite.Connection, scope: QuotationScope, rare: Collection[str]) -> list[int]:
    """Return the questions and the commands that have any of these words.

    Who forgets something does not want its words to stay in what they have asked about it. What others have asked in
    a group is theirs, and a command that something was kept or planned for stays with that.
    """
    if not rare:
        return []
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT p.id, p.text FROM passages AS p JOIN conversations AS c ON c.id = p.conversation_id
            WHERE p.conversation_id IN (SELECT value FROM json_each(?1)) AND {is_history("p")}
            AND p.author_id IS NOT NULL
            AND (c.owner_id IS NOT NULL OR p.author_id IN (SELECT value FROM json_each(?2)))
            AND NOT EXISTS (SELECT 1 FROM provenance WHERE source_id = p.id AND outbox_id IS NULL)
            AND NOT EXISTS (SELECT 1 FROM evidence AS e JOIN passages AS d ON d.id = e.passage_id
                            WHERE e.source_id = p.id AND d.kind IN ('fact', 'document'))""",
        [scope.conversations, scope.authors],
    )
    return [int(at) for at, text in rows if not set(words(text)).isdisjoint(rare)]


def is_history(table: str) -> str:
    """Return the predicate that a passage is history, in the words of the index `passages_history`."""
    return f"({' OR '.join(f'{table}.kind = {kind!r}' for kind in HISTORY)})"


async def _is_said(connection: aiosqlite.Connection, word: str) -> bool:
    """Tell whether any memory has a word."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT EXISTS (SELECT 1 FROM turn_words WHERE turn_words MATCH ?)", [quote_word(word)]
    )
    return any(row[0] for row in rows)


async def _withhold(connection: aiosqlite.Connection, commands: Sequence[int]) -> None:
    """Keep of commands only their names."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT text, id FROM passages WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(commands)]
    )
    await connection.executemany(
        "UPDATE passages SET text = ? WHERE id = ?", [("".join(text.split()[:1]), at) for text, at in rows]
    )


async def find_older_quotations(connection: aiosqlite.Connection, texts: Sequence[Text]) -> list[int]:
    """Return the replies that quote one of these texts, of those from before it was noted what replies are made of.

    They are looked for within the scope of each text.
    """
    quoted = [
        (each.passage_id, quote_of(each.text)) for each in texts[:MOST_TRACED] if len(each.text) >= SHORTEST_QUOTE
    ]
    # Comparing every reply with every text is slow, and needless in a database that has noted it from the beginning.
    older = await connection.execute_fetchall("SELECT 1 FROM provenance_start WHERE passage_id > 0")
    if not quoted or not list(older):
        return []
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT DISTINCT r.id FROM json_each(?) AS j
           JOIN passages AS p ON p.id = j.value ->> 0
           JOIN conversations AS c ON c.id = p.conversation_id
           JOIN conversations AS o ON o.id = c.id OR o.owner_id = c.owner_id
                OR o.platform = c.platform AND o.audience = c.audience
           JOIN passages AS r ON r.conversation_id = o.id AND {is_history("r")}
                AND r.kind <> 'question' AND r.id <> p.id AND r.id <= (SELECT max(passage_id) FROM provenance_start)
           WHERE contains(joined(r.text), j.value ->> 1)""",
        [json.dumps(quoted)],
    )
    return [int(row[0]) for row in rows]
