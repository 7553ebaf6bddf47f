"""The memory as an importer may use it for somebody in a chat: it reads and writes that person's own, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from bot.errors import AccessDenied
from bot.events import Message
from memory import Memory
from memory.engine import ImportStore
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


@dataclass(frozen=True, slots=True)
class PastMessage:
    """A message of a history as it was stored: `passage_id` in `conversation`.

    `open` opens a file that came with it, by its attachment's `reference`. It raises KeyError when the file is gone,
    and ImportRefused when it is damaged.
    """

    message: Message
    conversation: Conversation
    passage_id: int
    open: Callable[[str], BinaryIO]


class PastFiles(Protocol):
    """Hands the files of past messages to the plugins that take in their kind, as if they had just been sent."""

    async def take_in(self, past: PastMessage) -> list[str]:
        """Hand on the files of one message; return a sentence for each that could not be taken in."""


class PastFilesOf(Protocol):
    """Gives the files of a person's history to the plugins that run."""

    def __call__(self, owner: Person, *, by_owner: bool, alive: Callable[[], None]) -> PastFiles:
        """Return what takes in the files of `owner`'s history.

        `by_owner` says that they own the bot; `alive` is called while a file is being read.
        """


@dataclass(frozen=True, slots=True)
class OwnHistories:
    """What the importer needs of `memory.Memory`, with every read and write bound to `owner`."""

    memory: Memory
    owner: Person
    past_files_of: PastFilesOf | None = None

    def past_files(self, *, by_owner: bool, alive: Callable[[], None]) -> PastFiles | None:
        """Return what takes in the files that come with a history; None where nothing can.

        `by_owner` says that the person owns the bot; `alive` is called while a file is being read.
        """
        return None if self.past_files_of is None else self.past_files_of(self.owner, by_owner=by_owner, alive=alive)

    @property
    def imports(self) -> ImportStore:
        """The list of what was imported."""
        return self.memory.imports

    async def person(self, platform: str, external_id: str, name: str) -> Person:
        """Return somebody who speaks in the history."""
        return await self.memory.people.ensure(platform, external_id, name)

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
        return await self.memory.conversations.ensure(platform, external_id, title=title, kind=kind, owner_id=owner_id)

    async def add(
        self, conversation: Conversation, entries: Sequence[Entry], *, import_id: int | None = None
    ) -> list[Stored]:
        """Store entries in a conversation of the owner's. Raises AccessDenied for anybody else's."""
        self._refuse_others(conversation.owner_id)
        return await self.memory.passages.add(conversation, entries, import_id=import_id)

    async def passages(
        self, scope: Scope, selection: Selection, *, limit: int = 50, newest_first: bool = True
    ) -> list[Passage]:
        """Return what fits a selection, of the owner's alone, whatever the scope."""
        del scope
        return await self.memory.passages.select(self._own, selection, limit=limit, newest_first=newest_first)

    async def conversations(self, scope: Scope) -> list[ConversationSummary]:
        """Return the owner's conversations, whatever the scope."""
        del scope
        return await self.memory.conversations.summarize(self._own)

    def embedding(self) -> AbstractAsyncContextManager[None]:
        """Embed in the background while the block runs."""
        return self.memory.embeddings.embed_in_background()

    async def embed_pending(self, progress: Callable[[int], None] | None = None) -> int:
        """Embed what waits."""
        return await self.memory.embeddings.embed_pending(progress)

    async def pending(self) -> int:
        """Return how many passages wait for their vector."""
        return await self.memory.embeddings.count_pending()

    @property
    def _own(self) -> Scope:
        return Scope.of_owner(self.owner.id)

    def _refuse_others(self, owner_id: int | None) -> None:
        if owner_id != self.owner.id:
            raise AccessDenied("A history can only be imported into the memory of the person who sends it.")
