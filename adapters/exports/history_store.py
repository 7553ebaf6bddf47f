"""What an importer needs of the memory: all of it, or (`bot.context.OwnHistories`) one person's part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.events import ConversationKind
from memory import Conversation, ConversationSummary, Entry, Memory, Passage, Person, Scope, Selection, Stored


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


class AllHistories:
    """The whole memory, for whoever holds the machine."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.imports = memory.imports

    async def person(self, platform: str, external_id: str, name: str) -> Person:
        """Return the person with this account."""
        return await self._memory.people.ensure(platform, external_id, name)

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
        return await self._memory.conversations.ensure(platform, external_id, title=title, kind=kind, owner_id=owner_id)

    async def conversations(self, scope: Scope) -> list[ConversationSummary]:
        """Return what is remembered within the scope."""
        return await self._memory.conversations.summarize(scope)

    async def add(
        self, conversation: Conversation, entries: Sequence[Entry], *, import_id: int | None = None
    ) -> list[Stored]:
        """Store entries in one transaction."""
        return await self._memory.passages.add(conversation, entries, import_id=import_id)

    async def passages(
        self, scope: Scope, selection: Selection, *, limit: int = 50, newest_first: bool = True
    ) -> list[Passage]:
        """Return the passages that fit a selection."""
        return await self._memory.passages.select(scope, selection, limit=limit, newest_first=newest_first)

    def embedding(self) -> AbstractAsyncContextManager[None]:
        """Embed in the background while the block runs."""
        return self._memory.embeddings.embed_in_background()

    async def embed_pending(self, progress: Callable[[int], None] | None = None) -> int:
        """Embed what waits."""
        return await self._memory.embeddings.embed_pending(progress)

    async def pending(self) -> int:
        """Return how many passages wait for their vector."""
        return await self._memory.embeddings.count_pending()
