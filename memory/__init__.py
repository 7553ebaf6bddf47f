"""The memory: stores messages, documents and facts, recalls them within a scope, and forgets them.

It knows nothing of bots, chat platforms or language models.

What a name stands for is imported when it is first asked for: settings name a memory, and need none of it. The types
stand in `__init__.pyi`; a test holds both lists together.
"""

from __future__ import annotations

from memory.names_on_use import import_on_use

_NAMES = {
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
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = sorted(_MODULES)  # noqa: PLE0605 (a list, though the linter can't tell)
__getattr__ = import_on_use(__name__, _MODULES)
