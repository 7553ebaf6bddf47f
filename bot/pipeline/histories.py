"""The memory as an importer uses it: all of it, or for somebody in a chat that person's own and nothing else."""

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
    ConversationKind,
    ConversationRecord,
    ConversationSummary,
    Entry,
    Passage,
    PersonRecord,
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
    conversation: ConversationRecord
    passage_id: int
    open: Callable[[str], BinaryIO]


class PastFiles(Protocol):
    """Hands the files of past messages to the plugins that take in their kind, as if they had just been sent."""

    async def take_in(self, past: PastMessage) -> list[str]:
        """Hand on the files of one message; return a sentence for each that could not be taken in."""


class PastFilesOf(Protocol):
    """Gives the files of a person's history to the plugins that run."""

    def __call__(self, owner: PersonRecord, *, by_owner: bool, alive: Callable[[], None]) -> PastFiles:
        """Return what takes in the files of `owner`'s history.

        `by_owner` says that they own the bot; `alive` is called while a file is being read.
        """


class Histories:
    """The memory as an importer uses it: all of it, for whoever holds the machine; `OwnHistories` is one person's part.

    Whatever reads goes through `_narrow`, whatever writes through `_check_owner`.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @property
    def imports(self) -> ImportStore:
        """The list of what was imported, by which an import can be undone as a whole."""
        return self._memory.imports

    async def person(self, platform: str, external_id: str, name: str) -> PersonRecord:
        """Return somebody who speaks in the history."""
        return await self._memory.people.ensure(platform, external_id, name)

    async def conversation(
        self,
        platform: str,
        external_id: str,
        *,
        title: str = "",
        kind: ConversationKind = "direct",
        owner_id: int | None = None,
    ) -> ConversationRecord:
        """Return the conversation with this identity. Raises AccessDenied for one of somebody else's."""
        self._check_owner(owner_id)
        return await self._memory.conversations.ensure(platform, external_id, title=title, kind=kind, owner_id=owner_id)

    async def add(
        self, conversation: ConversationRecord, entries: Sequence[Entry], *, import_id: int | None = None
    ) -> list[Stored]:
        """Store entries in one transaction. Raises AccessDenied for a conversation of somebody else's."""
        self._check_owner(conversation.owner_id)
        return await self._memory.passages.add(conversation, entries, import_id=import_id)

    async def edit(
        self, conversation: ConversationRecord, event_id: str, text: str, *, withdrawn: bool = False
    ) -> None:
        """Replace a message's text. Raises AccessDenied for a conversation of somebody else's."""
        self._check_owner(conversation.owner_id)
        await self._memory.passages.edit(conversation, event_id, text, withdrawn=withdrawn)

    async def find_files(self, conversation: ConversationRecord, event_ids: Sequence[str]) -> set[str]:
        """Return which of these messages had files that were taken in here, or that were forgotten since.

        Raises AccessDenied for a conversation of somebody else's.
        """
        self._check_owner(conversation.owner_id)
        return await self._memory.imports.find_files(conversation, event_ids)

    async def passages(
        self, scope: Scope, selection: Selection, *, limit: int = 50, newest_first: bool = True
    ) -> list[Passage]:
        """Return the passages that fit a selection."""
        narrowed = self._narrow(scope)
        return await self._memory.passages.select(narrowed, selection, limit=limit, newest_first=newest_first)

    async def conversations(self, scope: Scope) -> list[ConversationSummary]:
        """Return what is remembered within the scope."""
        return await self._memory.conversations.summarize(self._narrow(scope))

    def embedding(self) -> AbstractAsyncContextManager[None]:
        """Embed in the background while the block runs."""
        return self._memory.embeddings.embed_in_background()

    async def embed_pending(self, progress: Callable[[int], None] | None = None) -> int:
        """Embed what waits."""
        return await self._memory.embeddings.embed_pending(progress)

    async def pending(self) -> int:
        """Return how many passages wait for their vector."""
        return await self._memory.embeddings.count_pending()

    def _narrow(self, scope: Scope) -> Scope:
        """Return what may be read of a scope."""
        return scope

    def _check_owner(self, owner_id: int | None) -> None:
        """Raise AccessDenied where a conversation of this owner must not be written to."""


class OwnHistories(Histories):
    """One person's part of the memory: what `owner` may import into, from a chat."""

    def __init__(self, memory: Memory, owner: PersonRecord, past_files_of: PastFilesOf | None = None) -> None:
        super().__init__(memory)
        self.owner = owner
        self._past_files_of = past_files_of

    def past_files(self, *, by_owner: bool, alive: Callable[[], None]) -> PastFiles | None:
        """Return what takes in the files that come with a history; None where nothing can.

        `by_owner` says that the person owns the bot; `alive` is called while a file is being read.
        """
        return None if self._past_files_of is None else self._past_files_of(self.owner, by_owner=by_owner, alive=alive)

    def _narrow(self, scope: Scope) -> Scope:
        del scope  # whatever is asked for, it is the owner's own that is read
        return Scope.of_owner(self.owner.id)

    def _check_owner(self, owner_id: int | None) -> None:
        if owner_id != self.owner.id:
            raise AccessDenied("A history can only be imported into the memory of the person who sends it.")
