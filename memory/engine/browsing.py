"""Reading what is remembered as one reads a chat: page by page, in the order in which it was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Protocol

from memory.browsing_records import AuthorCount, ConversationSpan, DayCount, Position
from memory.receipts import Receipt
from memory.records import ConversationRecord, Passage, Scope, Selection


class BrowsingStore(Protocol):
    """Pages of conversations; how long a page takes does not depend on how long the conversation is."""

    async def find_conversation(self, scope: Scope, conversation_id: int) -> ConversationRecord | None:
        """Return a conversation within the scope."""

    async def list_conversations(
        self, scope: Scope, *, platform: str | None = None, limit: int = 1000
    ) -> list[ConversationSpan]:
        """Return the conversations within the scope, the latest first; nothing is counted but what an index counts."""

    async def read_before(
        self, scope: Scope, conversation_id: int, position: Position | None, *, limit: int
    ) -> list[Passage]:
        """Return the last passages before a position, oldest first; None is the end of the conversation."""

    async def read_after(
        self, scope: Scope, conversation_id: int, position: Position | None, *, limit: int
    ) -> list[Passage]:
        """Return the first passages after a position, oldest first; None is the beginning of the conversation."""

    async def count_days(
        self,
        scope: Scope,
        zone: tzinfo,
        *,
        conversation_id: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[DayCount]:
        """Return how much was said on each day of a zone, the earliest first; days without anything are left out."""

    async def count_authors(
        self, scope: Scope, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[AuthorCount]:
        """Return how much everybody wrote, who wrote most first; what nobody said, and answers, are not counted."""

    async def read_cited(self, scope: Scope, answer_ids: Sequence[int]) -> dict[int, tuple[Passage, ...]]:
        """Return the passages that answers name as their sources, by the answers' ids, in the order of their numbers.

        What is outside the scope is left out.
        """

    async def find_beginning(self, scope: Scope, text: str, selection: Selection, *, limit: int) -> list[Passage]:
        """Return passages that have the words of a text that is being typed, the latest first.

        Of the last word they need to have only the beginning; with fewer than three letters of it there are none.
        """

    async def list_authors(self, scope: Scope, *, limit: int) -> list[str]:
        """Return the names of those who said something within the scope, in the order of the alphabet."""

    async def preview_forgetting(self, scope: Scope, selection: Selection) -> Receipt:
        """Return the receipt that forgetting this would give, as far as it counts texts; nothing changes.

        Vectors, judgements, and what of places is left empty are counted only when it is done.
        """
