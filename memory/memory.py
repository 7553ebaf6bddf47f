"""The memory as the rest of Scrubjay sees it: one object that stores, recalls and forgets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from memory.embedders import Embedder
from memory.records import (
    Conversation,
    ConversationKind,
    ConversationSummary,
    Document,
    Entry,
    Fact,
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


class Memory:
    """Stores every message, document and fact, finds them again, and forgets them.

    Every read names a `Scope`. Every write is committed when the call returns. Raises StorageError when the
    database can't be read or written.
    """

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, embedder: Embedder) -> AsyncIterator[Memory]:
        """Open or create the database at `path`. Embedding runs only in `embed_pending` and `embedding`."""

    @asynccontextmanager
    async def embedding(self) -> AsyncIterator[None]:
        """Embed what is stored, in the background, while the block runs."""

    async def embed_pending(self, progress: Callable[[int], None] | None = None) -> int:
        """Embed everything that waits, now; return how many passages that were. `progress` gets each batch's size."""

    async def pending(self) -> int:
        """Return how many passages wait for their vector."""

    # who and where

    async def person(self, platform: str, external_id: str, name: str) -> Person:
        """Return the person with this account, created if new, renamed if the name has changed."""

    async def conversation(
        self,
        platform: str,
        external_id: str,
        *,
        title: str = "",
        kind: ConversationKind = "direct",
        owner_id: int | None = None,
    ) -> Conversation:
        """Return the conversation with this identity, created if new; a new title is kept, an owner never changes."""

    async def conversations(self, scope: Scope) -> list[ConversationSummary]:
        """Return what is remembered within the scope, the latest conversation first."""

    # storing

    async def add(self, conversation: Conversation, entries: Sequence[Entry]) -> list[Stored]:
        """Store entries in one transaction; an event that is known already adds nothing."""

    async def add_document(
        self, conversation: Conversation, name: str, media_type: str, sha256: str, entries: Sequence[Entry]
    ) -> Document:
        """Store a document and its passages in one transaction; the same bytes in the same conversation add nothing."""

    async def add_fact(
        self, conversation: Conversation, entry: Entry, *, key: str | None = None, evidence: Sequence[int] = ()
    ) -> Fact:
        """Store a fact from its passage; an older open fact with the same key here is closed at `entry.said_at`."""

    async def edit(self, conversation: Conversation, event_id: str, text: str) -> bool:
        """Replace the text of a message, and all that was derived from it; False when there is no such message."""

    # the durable way of a message through the bot

    async def receive(self, conversation: Conversation, entry: Entry, payload: str) -> Stored:
        """Store a message and note that it waits to be handled, in one transaction."""

    async def waiting(self) -> list[Waiting]:
        """Return the messages that were received but not handled, oldest first: what a crash left over."""

    async def handled(self, passage_id: int) -> None:
        """Note that a received message needs nothing more."""

    async def queue_reply(self, conversation: Conversation, in_reply_to: int | None, payload: str) -> Outgoing:
        """Keep a reply until it is known to be sent; the message it answers counts as handled from here on."""

    async def reply_sent(self, outgoing: Outgoing, entry: Entry) -> Stored:
        """Store the reply as a passage and drop it from the outbox, in one transaction."""

    async def unsent(self) -> list[Outgoing]:
        """Return the replies that may not have been sent, oldest first."""

    # reading

    async def recall(
        self,
        question: str,
        scope: Scope,
        *,
        now: datetime,
        limit: int = 10,
        window: TimeWindow | None = None,
        token_budget: int | None = None,
        count_tokens: Callable[[str], int] | None = None,
        exclude: frozenset[int] = frozenset(),
    ) -> list[Recollection]:
        """Return the passages that answer the question best, best first.

        A time that the question names ("last March") weighs in, relative to `now`; a given `window` filters.
        `token_budget` bounds the sum of `count_tokens(text)` over what is returned. `exclude` holds passage ids
        (the question itself, when it was stored before it was asked).
        """

    async def passages(
        self, scope: Scope, selection: Selection, *, limit: int = 50, newest_first: bool = True
    ) -> list[Passage]:
        """Return the passages that fit a selection, by event time."""

    async def recent(self, conversation_id: int, scope: Scope, *, limit: int = 20) -> list[Passage]:
        """Return the last messages and answers of a conversation, oldest first: the history of a prompt."""

    async def facts(self, scope: Scope, *, include_closed: bool = False) -> list[Fact]:
        """Return the facts within the scope, the newest first; closed ones only on request."""

    # forgetting

    async def forget(self, scope: Scope, selection: Selection) -> Receipt:
        """Remove what fits the selection: text, vectors, full text, facts drawn from it, and their bytes on disk."""

    # care

    async def check(self) -> list[str]:
        """Return what is wrong with the store, one line each: integrity, and text, words and vectors that disagree."""

    async def backup(self, path: Path) -> None:
        """Write a consistent copy of the database to `path`, while it is in use."""
