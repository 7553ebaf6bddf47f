"""The documents facet: a document and its pieces, which follow the file when it changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from memory.document_pieces import pair_up
from memory.document_records import Document, DocumentChange, DocumentSummary, Upload
from memory.postgres import forget
from memory.postgres.connection import Connection
from memory.postgres.insert import insert, refresh, retire
from memory.postgres.locks import lock_conversation, lock_memory
from memory.postgres.rows import in_scope, number
from memory.postgres.store import Store
from memory.postgres.windows import windows
from memory.records import ConversationRecord, Entry, Scope, Selection
from memory.search.segment import clean, clean_optional
from memory.stored_rows import document_of
from memory.timestamps import micros

_COLUMNS = "d.id, d.conversation_id, d.name, d.media_type, d.sha256, d.added_at, d.source, d.notes"


class PostgresDocuments:
    """Keeps documents and brings them up to date; see `memory.engine.DocumentStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self, conversation: ConversationRecord, name: str, media_type: str, sha256: str, entries: Sequence[Entry]
    ) -> Document:
        """Store a document that has no source."""
        return (await self.put(conversation, Upload(name, media_type, sha256), entries)).document

    async def put(
        self, conversation: ConversationRecord, upload: Upload, entries: Sequence[Entry], *, again: bool = False
    ) -> DocumentChange:
        """Store what has changed of a document."""
        change = await self._store.write(lambda c: _put(c, conversation.id, upload, entries, again=again))
        self._store.announce_queued()
        return change

    async def recognize(self, conversation: ConversationRecord, upload: Upload) -> DocumentChange | None:
        """Look the bytes up; it takes a write only where they are known from another source."""
        known = await self.find(conversation, sha256=upload.sha256)
        if known is None or known.source == upload.source:
            return await self._store.ask(lambda c: _settle(c, conversation.id, upload))
        return await self._store.write(lambda c: _settle(c, conversation.id, upload))

    async def find(
        self, conversation: ConversationRecord, *, sha256: str | None = None, source: str | None = None
    ) -> Document | None:
        """Return the document with these bytes, or from this source."""
        return await self._store.ask(lambda c: _find(c, conversation.id, sha256=sha256, source=source))

    async def find_by_source(self, conversation: ConversationRecord, prefix: str) -> list[Document]:
        """Return the documents whose sources begin like this."""
        return await self._store.ask(lambda c: _find_by_source(c, conversation.id, prefix))

    async def summarize(self, scope: Scope) -> list[DocumentSummary]:
        """Return the documents with the counts of their passages."""
        return await self._store.ask_within(scope, lambda c: _summarize(c, scope))

    async def rename(self, document_id: int, name: str, source: str) -> None:
        """Rename a document, and index its passages under the new name."""
        await self._store.write(lambda c: _rename(c, document_id, name, source))
        self._store.announce_queued()


async def _put(
    connection: Connection,
    conversation_id: int,
    upload: Upload,
    entries: Sequence[Entry],
    *,
    again: bool = False,
) -> DocumentChange:
    """Store a document with its passages, or bring the one of the same source up to date. Run in a transaction.

    The same bytes in the same conversation add nothing, unless they are to be taken in `again` for the same source. Of
    a document that has changed, the passages that still say the same stay, with their vectors and the time they had.
    """
    await lock_conversation(connection, conversation_id)
    known = await _settle(connection, conversation_id, upload)
    if known is not None and not (again and known.document.source == upload.source):
        return known
    same_source = await _find(connection, conversation_id, source=upload.source) if upload.source else None
    if same_source is not None:
        return await _update(connection, same_source, upload, entries)
    document = await _create(connection, conversation_id, upload)
    stored = await insert(connection, conversation_id, [_piece(entry, document) for entry in entries])
    return DocumentChange(document, added=len(stored))


async def _settle(connection: Connection, conversation_id: int, upload: Upload) -> DocumentChange | None:
    """Return how it stands with bytes that are known here; None when they are new. Run in a transaction.

    Where they are known from elsewhere, what this source held before is gone from it, and so forgotten.
    """
    same_bytes = await _find(connection, conversation_id, sha256=upload.sha256)
    if same_bytes is None:
        return None
    same_source = await _find(connection, conversation_id, source=upload.source) if upload.source else None
    removed = 0
    if same_source is not None and same_source != same_bytes:
        removed = await _forget(connection, await _pieces(connection, same_source.id))
    return DocumentChange(same_bytes, kept=len(await _pieces(connection, same_bytes.id)), removed=removed)


async def _find(
    connection: Connection, conversation_id: int, *, sha256: str | None = None, source: str | None = None
) -> Document | None:
    """Return the document of a conversation with these bytes, or from this source."""
    column, value = ("sha256", sha256) if source is None else ("source", clean(source))
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM documents AS d WHERE d.conversation_id = $1 AND d.{column} = $2",
        conversation_id,
        value,
    )
    return next((document_of(row) for row in rows), None)


async def _summarize(connection: Connection, scope: Scope) -> list[DocumentSummary]:
    """Return the documents within the scope, the latest first."""
    scoped, values = in_scope(scope, "d.conversation_id")
    rows = await connection.fetch(
        number(f"""SELECT {_COLUMNS}, (SELECT count(*) FROM passages WHERE document_id = d.id),
                   (SELECT min(id) FROM passages WHERE document_id = d.id),
                   c.id, c.platform, c.external_id, c.title, c.kind, c.owner_id, c.audience
            FROM documents AS d JOIN conversations AS c ON c.id = d.conversation_id
            WHERE {scoped} ORDER BY d.added_at DESC, d.id DESC"""),
        *values,
    )
    return [DocumentSummary(document_of(row[:8]), ConversationRecord(*row[10:]), row[8], row[9]) for row in rows]


async def _find_by_source(connection: Connection, conversation_id: int, prefix: str) -> list[Document]:
    """Return the documents of a conversation whose sources begin in some way: those of a folder."""
    rows = await connection.fetch(
        f"""SELECT {_COLUMNS} FROM documents AS d
            WHERE d.conversation_id = $1 AND d.source >= $2 AND starts_with(d.source, $2) ORDER BY d.source""",
        conversation_id,
        clean(prefix),
    )
    return [document_of(row) for row in rows]


async def _rename(connection: Connection, document_id: int, name: str, source: str) -> None:
    """Say that a document is now called and found otherwise. Run in a transaction.

    Its passages are indexed under the new name, and stay what they are.
    """
    await lock_memory(connection)
    pieces = list(await _pieces(connection, document_id))
    rows = await connection.fetch("SELECT name FROM documents WHERE id = $1", document_id)
    changed = [row[0] for row in rows] != [clean(name)]
    if changed:
        await retire(connection, await windows(connection, pieces))
    await connection.execute(
        "UPDATE documents SET name = $1, source = $2 WHERE id = $3", clean(name), clean(source), document_id
    )
    if changed:
        await connection.execute("UPDATE passages SET author = $1 WHERE document_id = $2", clean(name), document_id)
        await refresh(connection, pieces)


async def _create(connection: Connection, conversation_id: int, upload: Upload) -> Document:
    rows = await connection.fetch(
        """INSERT INTO documents AS d (conversation_id, name, media_type, sha256, added_at, source, notes)
           VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING """
        + _COLUMNS.replace("d.", ""),
        conversation_id,
        clean(upload.name),
        upload.media_type,
        upload.sha256,
        _now(),
        clean_optional(upload.source),
        _write_notes(upload),
    )
    return next(document_of(row) for row in rows)


async def _update(
    connection: Connection, document: Document, upload: Upload, entries: Sequence[Entry]
) -> DocumentChange:
    """Replace what has changed of a document; what is the same word for word stays."""
    old = await _pieces(connection, document.id)
    kept = pair_up(old, entries)
    gone = old.keys() - kept.values()
    new = [_piece(entry, document) for number, entry in enumerate(entries) if number not in kept]
    added = iter([stored.id for stored in await insert(connection, document.conversation_id, new)])
    removed = await _forget(connection, gone)
    order = [kept[number] if number in kept else next(added) for number in range(len(entries))]
    await _link(connection, order, entries)
    await connection.execute(
        "UPDATE documents SET media_type = $1, sha256 = $2, added_at = $3, notes = $4 WHERE id = $5",
        upload.media_type,
        upload.sha256,
        _now(),
        _write_notes(upload),
        document.id,
    )
    changed = replace(document, media_type=upload.media_type, sha256=upload.sha256, notes=upload.notes)
    return DocumentChange(changed, added=len(new), kept=len(kept), removed=removed)


async def _link(connection: Connection, order: Sequence[int], entries: Sequence[Entry]) -> None:
    """Put a document's passages in this order, each with the place and address that it now has."""
    before = {after: at for at, after in pairwise(order)}
    rows = await connection.fetch(
        """SELECT locator, link, previous_id, session_id, id FROM passages
           WHERE id = ANY($1::bigint[])""",
        list(order),
    )
    there = set(map(tuple, rows))
    due = [
        (clean_optional(entry.locator), clean_optional(entry.link), before.get(at), order[0], at)
        for at, entry in zip(order, entries, strict=True)
    ]
    await connection.execute_many(
        "UPDATE passages SET locator = $1, link = $2, previous_id = $3, session_id = $4 WHERE id = $5",
        [place for place in due if place not in there],
    )


async def _pieces(connection: Connection, document_id: int) -> dict[int, str]:
    """Return the passages of a document by their ids."""
    rows = await connection.fetch(
        "SELECT id, text FROM passages WHERE document_id = $1 AND kind = 'document' ORDER BY id", document_id
    )
    return {int(row[0]): str(row[1]) for row in rows}


async def _forget(connection: Connection, passage_ids: Iterable[int]) -> int:
    """Forget passages, and what was drawn from them; return how many of the passages there were."""
    ids = tuple(passage_ids)
    if ids:
        await forget.forget(connection, Scope.all(), Selection(passage_ids=ids))
    return len(ids)


def _piece(entry: Entry, document: Document) -> Entry:
    return replace(entry, kind="document", document_id=document.id)


def _now() -> int:
    return micros(datetime.now(UTC))


def _write_notes(upload: Upload) -> str:
    return json.dumps([clean(note) for note in upload.notes], ensure_ascii=False)
