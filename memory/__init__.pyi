from memory.browsing_records import AuthorCount, ConversationSpan, DayCount, Position
from memory.delivery_records import Outgoing, Waiting
from memory.document_records import Document, DocumentChange, DocumentSummary
from memory.memory import Memory
from memory.receipts import Receipt
from memory.records import (
    RECALLABLE,
    ConversationRecord,
    ConversationSummary,
    Entry,
    Fact,
    Import,
    Judgement,
    Passage,
    PassageKind,
    PersonRecord,
    Recollection,
    Scope,
    Selection,
    Stored,
    TimeWindow,
)
from memory.search.finds import keep_finds

__all__ = [
    "RECALLABLE",
    "AuthorCount",
    "ConversationRecord",
    "ConversationSpan",
    "ConversationSummary",
    "DayCount",
    "Document",
    "DocumentChange",
    "DocumentSummary",
    "Entry",
    "Fact",
    "Import",
    "Judgement",
    "Memory",
    "Outgoing",
    "Passage",
    "PassageKind",
    "PersonRecord",
    "Position",
    "Receipt",
    "Recollection",
    "Scope",
    "Selection",
    "Stored",
    "TimeWindow",
    "Waiting",
    "keep_finds",
]
