"""Puts entries into the memory: the passage, its place in the conversation, its words, and its wait for a vector."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import aiosqlite

from memory.placing import NewPassage, ThreadPosition, citation, new_passage, place_passages
from memory.records import RECALLABLE, Entry, Stored
from memory.search.segment import clean_optional
from memory.search.windows import WindowRow, day_of, index_messages
from memory.sqlite import lexical, vectors
from memory.sqlite.placing import join_sessions, neighbours_in
from memory.sqlite.windows import followers, load_texts, windows


async def insert(connection: aiosqlite.Connection, conversation_id: int, entries: Sequence[Entry]) -> list[Stored]:
    """Store entries, in their order; one whose event is known already is returned as it is. Run in a transaction."""
    known = await _find_known(connection, conversation_id, entries)
    next_id = await _next_id(connection)
    stored: list[Stored] = []
    new: list[NewPassage] = []
    for entry in entries:
        event = clean_optional(entry.event_id)
        if event is not None and event in known:
            stored.append(Stored(known[event], new=False))
            continue
        new.append(new_passage(next_id + len(new), entry))
        stored.append(Stored(new[-1].id, new=True))
        if event is not None:
            known[event] = new[-1].id
    if new:
        await _insert_new(connection, conversation_id, new)
    return stored


async def _insert_new(connection: aiosqlite.Connection, conversation_id: int, new: Sequence[NewPassage]) -> None:
    places, thread = await place_passages(neighbours_in(connection, conversation_id), new)
    relinked = thread.relinked
    after = relinked.keys() | await followers(connection, relinked)
    if after:
        await retire(connection, await windows(connection, after))
    await join_sessions(connection, conversation_id, thread.joined)
    await connection.executemany(_INSERT, [_row(conversation_id, each, places.get(each.id)) for each in new])
    await connection.executemany(
        "UPDATE passages SET previous_id = ? WHERE id = ?", [(previous, at) for at, previous in relinked.items()]
    )
    drawn = [(each.id, citation(source, each.entry), source) for each in new for source in each.entry.drawn_from]
    await connection.executemany("INSERT OR IGNORE INTO evidence SELECT ?, id, ? FROM passages WHERE id = ?", drawn)
    recallable = [each for each in new if each.entry.kind in RECALLABLE]
    await index(connection, after)
    await _index_new(connection, conversation_id, recallable, places)
    await await_vectors(connection, [*after, *(each.id for each in recallable)])


async def _index_new(
    connection: aiosqlite.Connection,
    conversation_id: int,
    new: Sequence[NewPassage],
    places: Mapping[int, ThreadPosition],
) -> None:
    """Index the words of passages just inserted, as `index` does, mostly without reading them again."""
    await index(connection, [each.id for each in new if each.entry.document_id is not None])
    messages = [each for each in new if each.entry.document_id is None]
    texts = {each.id: (each.author, each.text) for each in messages}
    previous = {each.id: places[each.id].previous_id for each in messages if each.id in places}
    await load_texts(connection, texts, previous)
    days = ((each.id, day_of(each.said_at, each.said_offset)) for each in messages)
    await lexical.index(connection, index_messages(days, texts, previous), conversation_id)


async def retire(connection: aiosqlite.Connection, rows: Sequence[WindowRow]) -> None:
    """Take passages out of the indexes, words and vectors, before something that their windows hold changes."""
    await lexical.unindex(connection, [row.index_words() for row in rows])
    await vectors.remove(connection, [row.passage_id for row in rows])


async def refresh(connection: aiosqlite.Connection, passage_ids: Sequence[int]) -> None:
    """Index the words of passages whose words are in no index, and queue them for a vector."""
    await index(connection, passage_ids)
    await await_vectors(connection, passage_ids)


async def index(connection: aiosqlite.Connection, passage_ids: Collection[int]) -> None:
    """Index the words of passages whose words are in no index."""
    if not passage_ids:
        return
    await lexical.index(connection, [row.index_words() for row in await windows(connection, passage_ids)])


async def await_vectors(connection: aiosqlite.Connection, passage_ids: Sequence[int]) -> None:
    """Queue passages for a vector of each model; who is making one of them now makes it in vain."""
    await connection.execute(
        """INSERT INTO embedding_queue (model_id, passage_id)
           SELECT m.id, j.value FROM json_each(?) AS j, embedding_models AS m WHERE true
           ON CONFLICT DO UPDATE SET claimed_until = 0""",
        [json.dumps(passage_ids)],
    )


async def _find_known(
    connection: aiosqlite.Connection, conversation_id: int, entries: Sequence[Entry]
) -> dict[str, int]:
    events = [clean_optional(entry.event_id) for entry in entries if entry.event_id is not None]
    if not events:
        return {}
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT event_id, id FROM passages
           WHERE conversation_id = ? AND event_id IN (SELECT value FROM json_each(?))""",
        [conversation_id, json.dumps(events)],
    )
    return {str(event): int(passage_id) for event, passage_id in rows}


async def _next_id(connection: aiosqlite.Connection) -> int:
    # AUTOINCREMENT's own counter: the id of a forgotten passage is never given again.
    rows: Iterable[Any] = await connection.execute_fetchall("SELECT seq FROM sqlite_sequence WHERE name = 'passages'")
    return next((int(row[0]) for row in rows), 0) + 1


_INSERT = """
INSERT INTO passages (id, conversation_id, kind, author, author_id, said_at, said_offset, text, event_id, reply_to,
                      link, document_id, locator, previous_id, session_id)
VALUES (?, ?, ?, ?, (SELECT id FROM people WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
"""An author who was forgotten while they wrote is a name alone."""


def _row(conversation_id: int, new: NewPassage, place: ThreadPosition | None) -> tuple[Any, ...]:
    entry = new.entry
    return (
        new.id, conversation_id, entry.kind, new.author, entry.author_id, new.said_at, new.said_offset, new.text,
        clean_optional(entry.event_id), clean_optional(entry.reply_to), clean_optional(entry.link),
        entry.document_id, clean_optional(entry.locator), place and place.previous_id,
        place and place.session_id,
    )  # fmt: skip
