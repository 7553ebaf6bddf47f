"""From rows to records: what both engines select in the same columns, and so read alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from memory.browsing_records import AuthorCount, ConversationSpan
from memory.document_records import Document
from memory.receipts import Receipt
from memory.records import RECALLABLE, ConversationRecord, ConversationSummary, Passage
from memory.timestamps import moment

PASSAGE_COLUMNS = """
p.id, p.author, p.author_id, p.said_at, p.said_offset, p.kind, p.text, p.event_id, p.reply_to, p.link, p.document_id,
p.locator, f.key, f.valid_to, c.id, c.platform, c.external_id, c.title, c.kind, c.owner_id, c.audience
"""
PASSAGE_SELECT = f"""
SELECT {PASSAGE_COLUMNS} FROM passages AS p JOIN conversations AS c ON c.id = p.conversation_id
LEFT JOIN facts AS f ON f.passage_id = p.id
"""
"""Selects what `passage_of` reads."""
AUTHORS_SELECT = """
SELECT p.author, count(*), min(p.said_at), max(p.said_at), max(p.id) FROM passages AS p
WHERE p.kind = 'message' AND p.author <> ''
"""
"""Selects, grouped by author, what `author_counts` reads."""


def passage_of(row: Iterable[Any]) -> Passage:
    """Return the record of a row of `PASSAGE_SELECT`."""
    (
        passage_id, author, author_id, said_at, said_offset, kind, text, event_id, reply_to, link,
        document_id, locator, key, valid_to, *conversation,
    ) = row  # fmt: skip
    return Passage(
        id=passage_id,
        conversation=ConversationRecord(*conversation),
        author=author,
        author_id=author_id,
        said_at=moment(said_at, said_offset),
        kind=kind,
        text=text,
        event_id=event_id,
        reply_to=reply_to,
        link=link,
        document_id=document_id,
        locator=locator,
        key=key,
        valid_to=None if valid_to is None else moment(valid_to, said_offset),
    )


def author_counts(rows: Iterable[Iterable[Any]]) -> list[AuthorCount]:
    """Return how much everybody wrote, who wrote most first, then by name."""
    counts = [
        AuthorCount(author, messages, moment(first), moment(last), newest)
        for author, messages, first, last, newest in rows
    ]
    return sorted(counts, key=lambda each: (-each.messages, each.author))


def span_of(row: Iterable[Any]) -> ConversationSpan:
    """Return how long a conversation goes on: how many passages, the first and last time, the first words."""
    passages, first, last, opening, *identity = row
    return ConversationSpan(
        ConversationRecord(*identity),
        passages,
        None if first is None else moment(first),
        None if last is None else moment(last),
        opening or "",
    )


def summary_of(row: Iterable[Any]) -> ConversationSummary:
    """Return what a conversation holds, counted."""
    *identity, people, messages, passages, embedded, first, last = row
    return ConversationSummary(
        conversation=ConversationRecord(*identity),
        people=people,
        messages=messages,
        passages=passages,
        embedded=embedded,
        first=None if first is None else moment(first),
        last=None if last is None else moment(last),
    )


def document_of(row: Iterable[Any]) -> Document:
    """Return a document; its notes are kept as JSON."""
    document_id, conversation_id, name, media_type, sha256, added_at, source, notes = row
    told = tuple(json.loads(notes))
    return Document(document_id, conversation_id, name, media_type, sha256, moment(added_at), source, told)


def preview_of(doomed_kinds: Iterable[str]) -> Receipt:
    """Return what forgetting passages of these kinds would remove, as far as it is known before."""
    kinds = Counter(doomed_kinds)
    return Receipt(
        passages=kinds.total(),
        full_text=sum(kinds[kind] for kind in RECALLABLE),
        facts=kinds["fact"],
        answers=kinds["answer"],
    )
