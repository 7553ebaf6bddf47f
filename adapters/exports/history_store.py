"""What an importer needs of the memory: `memory.Memory` has it all, `bot.context.OwnHistories` one person's part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.events import ConversationKind
from memory import Conversation, ConversationSummary, Entry, Passage, Person, Scope, Selection, Stored


class ImportList(Protocol):
    """The list of what was imported, by which an import can be undone as a whole."""

    async def begin(self, owner: Person, source: str) -> int:
        """Return the id under which an import is listed; one of the same source that broke off goes on."""

    async def note_derived(self, import_id: int, conversation: Conversation) -> None:
        """Count what plugins made of the import's files since it began as brought by it."""

    async def end(self, import_id: int) -> bool:
        """Note that an import is complete; False when it added nothing, and so is not kept."""


class HistoryStore(Protocol):
    """Stores what is imported, and finds what is there already."""

    @property
    def imports(self) -> ImportList:
        """The list of what was imported."""

    async def person(self, platform: str, external_id: str, name: str) -> Person:
        """Return the person with this account."""

    async def conversation(
        self,
        platform: str,
        external_id: str,
        *,
        title: str = "",
        kind: ConversationKind = "direct",
        owner_id: int | None = None,
    ) -> Conversation:
        """Return the conversation with this identity."""

    async def conversations(self, scope: Scope) -> list[ConversationSummary]:
        """Return what is remembered within the scope."""

    async def add(
        self, conversation: Conversation, entries: Sequence[Entry], *, import_id: int | None = None
    ) -> list[Stored]:
        """Store entries in one transaction."""

    async def passages(
        self, scope: Scope, selection: Selection, *, limit: int = 50, newest_first: bool = True
    ) -> list[Passage]:
        """Return the passages that fit a selection."""

    def embedding(self) -> AbstractAsyncContextManager[None]:
        """Embed in the background while the block runs."""

    async def embed_pending(self, progress: Callable[[int], None] | None = None) -> int:
        """Embed what waits."""

    async def pending(self) -> int:
        """Return how many passages wait for their vector."""
