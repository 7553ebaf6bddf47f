"""Who and where: people and conversations, by their identity on a platform."""

from __future__ import annotations

from typing import Protocol

from memory.receipts import Receipt
from memory.records import (
    ConversationKind,
    ConversationMove,
    ConversationRecord,
    ConversationSummary,
    PersonRecord,
    Scope,
)


class PeopleStore(Protocol):
    """The people who have written, each by an account on a platform."""

    async def ensure(self, platform: str, external_id: str, name: str) -> PersonRecord:
        """Return the person with this account, created if new, renamed if the name has changed."""

    async def find(self, platform: str, external_id: str) -> PersonRecord | None:
        """Return the person with this account, if anything is remembered of them."""


class ConversationStore(Protocol):
    """The chats, groups, threads and imported histories that passages belong to."""

    async def ensure(
        self,
        platform: str,
        external_id: str,
        *,
        title: str = "",
        kind: ConversationKind = "direct",
        owner_id: int | None = None,
        audience: str | None = None,
    ) -> ConversationRecord:
        """Return the conversation with this identity, created if new; a new title or audience is kept.

        The owner is part of the identity: two people who import the same chat have it each for themselves.
        """

    async def find(self, platform: str, external_id: str, *, owner_id: int | None = None) -> ConversationRecord | None:
        """Return the conversation with this identity, if anything is remembered of it."""

    async def summarize(self, scope: Scope) -> list[ConversationSummary]:
        """Return what is remembered of each conversation within the scope, the latest first."""

    async def find_latest(self, platform: str, *, limit: int) -> list[ConversationRecord]:
        """Return the chats of a platform where something was said last, the latest first; imports are left out."""

    async def move(self, change: ConversationMove) -> bool:
        """Bring a group, and all that is kept and decided about it, under another id; False when it is not known."""

    async def forget_group(self, platform: str, external_id: str) -> Receipt:
        """Forget all of a group with its threads, or of one thread: it is gone from its platform."""
