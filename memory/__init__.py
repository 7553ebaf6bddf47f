"""The memory: stores messages, documents and facts, recalls them within a scope, and forgets them.

It knows nothing of bots, chat platforms or language models.

What a name stands for is imported when it is first asked for: settings name a memory, and need none of it. The types
stand in `__init__.pyi`; a test holds both lists together.
"""

from __future__ import annotations

from memory.names_on_use import import_on_use

__all__, __getattr__ = import_on_use(
    __name__,
    {
        "memory.browsing_records": "AuthorCount ConversationSpan DayCount Position",
        "memory.delivery_records": "Outgoing Waiting",
        "memory.document_records": "Document DocumentChange DocumentSummary",
        "memory.memory": "Memory",
        "memory.receipts": "Receipt",
        "memory.search.finds": "keep_finds",
        "memory.records": (
            "RECALLABLE ConversationRecord ConversationSummary Entry Fact Import Judgement Passage PassageKind "
            "PersonRecord Recollection Scope Selection Stored TimeWindow"
        ),
    },
)
