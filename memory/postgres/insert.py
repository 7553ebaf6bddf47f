"""Puts entries into the memory: the passage, its place in the conversation, its words, and its wait for a vector."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from memory.placing import NewPassage, ThreadPosition, citation, new_passage, place_passages
from memory.postgres import postings, vectors
from memory.postgres.connection import Connection
from memory.postgres.locks import lock_conversation
from memory.postgres.placing import join_sessions, neighbours_in
from memory.postgres.windows import followers, load_texts, windows
from memory.records import Entry, Stored
from memory.search.segment import clean_optional
from memory.search.windows import IndexedWords, WindowRow, day_of, index_messages


async def insert(connection: Connection, conversation_id: int, entries: Sequence[Entry]) -> list[Stored]:
    """Store entries, in their order; one whose event is known already is returned as it is. Run in a transaction."""
    await lock_conversation(connection, conversation_id)
    known = await _find_known(connection, conversation_id, entries)
    ids = iter(await _take_ids(connection, _count_new(entries, known)))
    stored: list[Stored] = []
    new: list[NewPassage] = []
    for entry in entries:
        event = clean_optional(entry.event_id)
        if event is not None and event in known:
            stored.append(Stored(known[event], new=False))
            continue
        new.append(new_passage(next(ids), entry))
        stored.append(Stored(new[-1].id, new=True))
        if event is not None:
            known[event] = new[-1].id
    if new:
        await _insert_new(connection, conversation_id, new)
    return stored


async def _insert_new(connection: Connection, conversation_id: int, new: Sequence[NewPassage]) -> None:
    places, thread = await place_passages(neighbours_in(connection, conversation_id), new)
    relinked = thread.relinked
    after = relinked.keys() | await followers(connection, relinked, conversation_id)
    if after:
        await retire(connection, await windows(connection, after, conversation_id))
    await join_sessions(connection, conversation_id, thread.joined)
    recallable = [each for each in new if each.is_recallable]
    blocks = await _reserve(connection, conversation_id, recallable)
    await connection.execute_many(_INSERT, [_row(conversation_id, each, places.get(each.id), blocks) for each in new])
    await connection.execute_many(
        "UPDATE passages SET previous_id = $1 WHERE id = $2 AND conversation_id = $3",
        [(previous, at, conversation_id) for at, previous in relinked.items()],
    )
    drawn = [(each.id, citation(source, each.entry), source) for each in new for source in each.entry.drawn_from]
    await connection.execute_many(
        """INSERT INTO evidence (passage_id, source_id, cited) SELECT $1, id, $2 FROM passages WHERE id = $3
           ON CONFLICT DO NOTHING""",
        drawn,
    )
    await index(connection, after)
    await postings.put(
        connection, conversation_id, await _words_of(connection, conversation_id, recallable, places), blocks
    )
    await await_vectors(connection, [*after, *(each.id for each in recallable)])


async def _reserve(connection: Connection, conversation_id: int, recallable: Sequence[NewPassage]) -> dict[int, int]:
    """Return the block of each passage whose words are to be indexed."""
    if not recallable:
        return {}
    places = await postings.reserve(connection, conversation_id, len(recallable))
    return {each.id: postings.block_of(place) for each, place in zip(recallable, places, strict=True)}


async def _words_of(
    connection: Connection, conversation_id: int, new: Sequence[NewPassage], places: Mapping[int, ThreadPosition]
) -> list[IndexedWords]:
    """Return what the indexes hold of passages just inserted, mostly without reading them again."""
    pieces = [each.id for each in new if each.entry.document_id is not None]
    words = [row.index_words() for row in await windows(connection, pieces, conversation_id)] if pieces else []
    messages = [each for each in new if each.entry.document_id is None]
    texts = {each.id: (each.author, each.text) for each in messages}
    previous = {each.id: places[each.id].previous_id for each in messages if each.id in places}
    await load_texts(connection, conversation_id, texts, previous)
    days = ((each.id, day_of(each.said_at, each.said_offset)) for each in messages)
    return [*words, *index_messages(days, texts, previous)]


async def retire(connection: Connection, rows: Sequence[WindowRow]) -> None:
    """Take passages out of the indexes, words and vectors, before something that their windows hold changes."""
    await postings.unindex(connection, [row.index_words() for row in rows])
    await vectors.remove(connection, [row.passage_id for row in rows])


async def refresh(connection: Connection, passage_ids: Sequence[int]) -> None:
    """Index the words of passages whose words are in no index, and queue them for a vector."""
    await index(connection, passage_ids)
    await await_vectors(connection, passage_ids)


async def index(connection: Connection, passage_ids: Collection[int]) -> None:
    """Index the words of passages whose words are in no index."""
    if not passage_ids:
        return
    await postings.index(connection, [row.index_words() for row in await windows(connection, passage_ids)])


async def await_vectors(connection: Connection, passage_ids: Sequence[int]) -> None:
    """Queue passages for a vector of each model; who is making one of them now makes it in vain."""
    if not passage_ids:
        return
    await connection.execute(
        """INSERT INTO embedding_queue (model_id, passage_id)
           SELECT m.id, u.id FROM (SELECT DISTINCT unnest($1::bigint[]) AS id) AS u, embedding_models AS m
           ON CONFLICT (model_id, passage_id) DO UPDATE SET claimed_until = 0""",
        list(passage_ids),
    )


async def _find_known(connection: Connection, conversation_id: int, entries: Sequence[Entry]) -> dict[str, int]:
    events = [clean_optional(entry.event_id) for entry in entries if entry.event_id is not None]
    if not events:
        return {}
    rows = await connection.fetch(
        "SELECT event_id, id FROM passages WHERE conversation_id = $1 AND event_id = ANY($2::text[])",
        conversation_id,
        events,
    )
    return {str(event): int(passage_id) for event, passage_id in rows}


def _count_new(entries: Sequence[Entry], known: Mapping[str, int]) -> int:
    events = [clean_optional(entry.event_id) for entry in entries]
    return len({event for event in events if event is not None} - known.keys()) + events.count(None)


async def _take_ids(connection: Connection, count: int) -> list[int]:
    """Return ids that nobody has, nor ever had, in their order; others may take some between them."""
    if not count:
        return []
    rows = await connection.fetch(
        "SELECT nextval(pg_get_serial_sequence('scrubjay.passages', 'id')) FROM generate_series(1, $1)", count
    )
    return [int(row[0]) for row in rows]


_INSERT = """
INSERT INTO passages (id, conversation_id, kind, author, author_id, said_at, said_offset, text, event_id, reply_to,
                      link, document_id, locator, previous_id, session_id, word_block)
VALUES ($1, $2, $3, $4, (SELECT id FROM people WHERE id = $5), $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""
"""An author who was forgotten while they wrote is a name alone."""


def _row(
    conversation_id: int, new: NewPassage, place: ThreadPosition | None, blocks: Mapping[int, int]
) -> tuple[Any, ...]:
    entry = new.entry
    return (
        new.id, conversation_id, entry.kind, new.author, entry.author_id, new.said_at, new.said_offset, new.text,
        clean_optional(entry.event_id), clean_optional(entry.reply_to), clean_optional(entry.link),
        entry.document_id, clean_optional(entry.locator), place and place.previous_id,
        place and place.session_id, blocks.get(new.id),
    )  # fmt: skip
