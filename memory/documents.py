"""Files taken in: a document and its pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiosqlite

from memory.insert import insert
from memory.records import Document, Entry
from memory.rows import micros, moment
from memory.segment import clean

_COLUMNS = "id, conversation_id, name, media_type, sha256, added_at"


async def add(
    connection: aiosqlite.Connection,
    conversation_id: int,
    name: str,
    media_type: str,
    sha256: str,
    entries: Sequence[Entry],
) -> Document:
    """Store a document with its passages; the same bytes in the same conversation add nothing. Run in a transaction."""
    known = await _find(connection, conversation_id, sha256)
    if known is not None:
        return known
    now = micros(datetime.now(UTC))
    await connection.execute(
        "INSERT INTO documents (conversation_id, name, media_type, sha256, added_at) VALUES (?, ?, ?, ?, ?)",
        [conversation_id, clean(name), media_type, sha256, now],
    )
    document = await _find(connection, conversation_id, sha256)
    if document is None:
        raise AssertionError("a row that was just written is there")
    pieces = [replace(entry, kind="document", document_id=document.id) for entry in entries]
    await insert(connection, conversation_id, pieces)
    return document


async def _find(connection: aiosqlite.Connection, conversation_id: int, sha256: str) -> Document | None:
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM documents WHERE conversation_id = ? AND sha256 = ?", [conversation_id, sha256]
    )
    return next((_document_of(row) for row in rows), None)


def _document_of(row: Sequence[Any]) -> Document:
    document_id, conversation_id, name, media_type, sha256, added_at = row
    return Document(document_id, conversation_id, name, media_type, sha256, moment(added_at))
