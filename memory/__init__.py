"""The memory: stores messages, documents and facts, recalls them within a scope, and forgets them.

It knows nothing of bots, chat platforms or language models.
"""

from memory.browsing_records import DayCount, Position
from memory.document_records import Document, DocumentChange, DocumentSummary
from memory.memory import Memory
from memory.records import (
    RECALLABLE,
    Conversation,
    ConversationSummary,
    Entry,
    Fact,
    Import,
    Judgement,
    Outgoing,
    Passage,
    Person,
    Receipt,
    Recollection,
    Scope,
    Selection,
    Stored,
    TimeWindow,
    Waiting,
)

__all__ = [
    "RECALLABLE",
    "Conversation",
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
    "Person",
    "Position",
    "Receipt",
    "Recollection",
    "Scope",
    "Selection",
    "Stored",
    "TimeWindow",
    "Waiting",
]
