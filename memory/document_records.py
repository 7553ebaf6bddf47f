"""The records of files taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from memory.records import ConversationRecord


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it is to be stored: what it is called, what it is, what tells its bytes, and where it is from.

    `notes` are sentences that say what was left out of it.
    """

    name: str
    media_type: str
    sha256: str
    source: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file taken in: its passages carry its id.

    `source` says where it is from (a path, an address); the same source in the same conversation is the same document,
    changed. None: from nowhere that could be looked at again. `notes` are sentences that say what was left out.
    """

    id: int
    conversation_id: int
    name: str
    media_type: str
    sha256: str
    added_at: datetime
    source: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What storing a document has done: passages that are new, that stayed, and that are gone.

    When `document` has another source than was given, that one holds the same bytes, and nothing was added.
    """

    document: Document
    added: int = 0
    kept: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document, the conversation it is in, how many passages it has, and the first of them."""

    document: Document
    conversation: ConversationRecord
    passages: int
    first_id: int | None = None
