"""The memory as an importer may use it for somebody in a chat: it reads and writes that person's own, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.errors import AccessDenied
from bot.events import Message
from bot.reading.reading import Reading, Reads
from memory import Memory
from memory.records import (
    Conversation,
    ConversationKind,
    ConversationSummary,
    Entry,
    Passage,
    Person,
    Scope,
    Selection,
    Stored,
)
from memory.sqlite.imports import Imports


class RoutesFiles(Protocol):
    """What says which plugins take in the files of a message."""

    def route(self, message: Message) -> object:
        """Return where a message goes, as `bot.pipeline.router` has it."""


class RoutedPlugins(Reads, Protocol):
    """The plugins that run, and the way to them."""

    @property
    def router(self) -> RoutesFiles:
        """The router over the plugins that run now."""


@dataclass(frozen=True, slots=True)
class FileReaders:
    """What reads the files that come with a history: the plugins that run, and how many files are read at a time."""

    plugins: RoutedPlugins
    reading: Reading


@dataclass(frozen=True, slots=True)
class OwnHistories:
    """What the importer needs of `memory.Memory`, with every read and write bound to `owner`."""

    memory: Memory
    owner: Person
    readers: FileReaders | None = None

    @property
    def imports(self) -> Imports:
        """The list of what was imported."""
        return self.memory.imports

    async def person(self, platform: str, external_id: str, name: str) -> Person:
        """Return somebody who speaks in the history."""
        return await self.memory.person(platform, external_id, name)

    async def conversation(
        self,
        platform: str,
        external_id: str,
        *,
        title: str = "",
        kind: ConversationKind = "direct",
        owner_id: int | None = None,
    ) -> Conversation:
        """Return a conversation of the owner's. Raises AccessDenied for anybody else's."""
        self._refuse_others(owner_id)
        return await self.memory.conversation(platform, external_id, title=title, kind=kind, owner_id=owner_id)

    async def add(
        self, conversation: Conversation, entries: Sequence[Entry], *, import_id: int | None = None
    ) -> list[Stored]:
        """Store entries in a conversation of the owner's. Raises AccessDenied for anybody else's."""
        self._refuse_others(conversation.owner_id)
        return await self.memory.add(conversation, entries, import_id=import_id)

    async def passages(
        self, scope: Scope, selection: Selection, *, limit: int = 50, newest_first: bool = True
    ) -> list[Passage]:
        """Return what fits a selection, of the owner's alone, whatever the scope."""
        del scope
        return await self.memory.passages(self._own, selection, limit=limit, newest_first=newest_first)

    async def conversations(self, scope: Scope) -> list[ConversationSummary]:
        """Return the owner's conversations, whatever the scope."""
        del scope
        return await self.memory.conversations(self._own)

    def embedding(self) -> AbstractAsyncContextManager[None]:
        """Embed in the background while the block runs."""
        return self.memory.embedding()

    async def embed_pending(self, progress: Callable[[int], None] | None = None) -> int:
        """Embed what waits."""
        return await self.memory.embed_pending(progress)

    async def pending(self) -> int:
        """Return how many passages wait for their vector."""
        return await self.memory.pending()

    @property
    def _own(self) -> Scope:
        return Scope.of_owner(self.owner.id)

    def _refuse_others(self, owner_id: int | None) -> None:
        if owner_id != self.owner.id:
            raise AccessDenied("A history can only be imported into the memory of the person who sends it.")
