"""Files taken in: a document and its pieces, which follow the file when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from memory.document_records import Document, DocumentChange, DocumentSummary, Upload
from memory.records import ConversationRecord, Entry, Scope


class DocumentStore(Protocol):
    """The documents of each conversation."""

    async def add(
        self, conversation: ConversationRecord, name: str, media_type: str, sha256: str, entries: Sequence[Entry]
    ) -> Document:
        """Store a document and its passages in one transaction; the same bytes in the same conversation add nothing."""

    async def put(
        self, conversation: ConversationRecord, upload: Upload, entries: Sequence[Entry], *, again: bool = False
    ) -> DocumentChange:
        """Store a document whole, or bring the one of the same source up to date, in one transaction.

        What has not changed keeps its passages and vectors. The same bytes from elsewhere in the same conversation add
        nothing, and neither do those of the same source unless `again` is set.
        """

    async def recognize(self, conversation: ConversationRecord, upload: Upload) -> DocumentChange | None:
        """Return the document that has these bytes here already, as storing it would; None when they are new.

        Where the bytes are known from another source, what this source held before is forgotten.
        """

    async def find(
        self, conversation: ConversationRecord, *, sha256: str | None = None, source: str | None = None
    ) -> Document | None:
        """Return the document here that has these bytes, or is from this source."""

    async def find_by_source(self, conversation: ConversationRecord, prefix: str) -> list[Document]:
        """Return the documents of a conversation whose sources begin with this: those of a folder, by their names."""

    async def summarize(self, scope: Scope) -> list[DocumentSummary]:
        """Return the documents within the scope, the latest first."""

    async def rename(self, document_id: int, name: str, source: str) -> None:
        """Give a document another name and source; its passages stay."""
