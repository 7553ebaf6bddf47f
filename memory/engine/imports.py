"""Which passages came with which import, so that an import can be listed and undone whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from memory.records import ConversationRecord, Import, PersonRecord, Scope


class ImportStore(Protocol):
    """The imports into one database."""

    async def begin(self, owner: PersonRecord, source: str) -> int:
        """Return the id under which an import is remembered; one of the same source that broke off goes on."""

    async def note_derived(self, import_id: int, conversation: ConversationRecord) -> None:
        """Count what plugins made of the import's files since it began as brought by it."""

    async def find_files(self, conversation: ConversationRecord, event_ids: Sequence[str]) -> set[str]:
        """Return which of these messages had files of which something is kept, or was forgotten."""

    async def end(self, import_id: int) -> bool:
        """Note that an import is complete; False when it added nothing, and so is not kept."""

    async def select(self, scope: Scope) -> list[Import]:
        """Return the imports of which something is left within the scope, the latest first."""
