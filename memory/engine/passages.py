"""What was said: passages, the facts drawn from them, and what people thought of answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from memory.receipts import Receipt
from memory.records import ConversationRecord, Entry, Fact, Judgement, Passage, Scope, Selection, Stored


class PassageStore(Protocol):
    """Messages, answers and commands."""

    async def add(
        self, conversation: ConversationRecord, entries: Sequence[Entry], *, import_id: int | None = None
    ) -> list[Stored]:
        """Store entries in one transaction; an event that is known already adds nothing.

        `import_id` is the import that brings them, as `Imports.begin` gave it; it brings nothing back that was
        forgotten of an earlier one.
        """

    async def edit(
        self, conversation: ConversationRecord, event_id: str, text: str, *, withdrawn: bool = False
    ) -> Receipt | None:
        """Replace the text of a message, and forget what was made from the old one; None when there is no such message.

        What is planned or kept by plugins goes only where it holds words that the new text has no more. The receipt
        counts what went. With `withdrawn` the message becomes a system line: its author has deleted it.
        """

    async def select(
        self, scope: Scope, selection: Selection, *, limit: int = 50, newest_first: bool = True
    ) -> list[Passage]:
        """Return the passages that fit a selection, by event time."""

    async def find_event(self, platform: str, event_id: str) -> list[Passage]:
        """Return the passages that a platform knows by this id, in every conversation: for what it reports itself.

        A reply that was sent in parts is found by the id of each of them.
        """

    async def forget(self, scope: Scope, selection: Selection, *, verify: bool = False) -> Receipt:
        """Remove what fits the selection: text, vectors, full text, all that was made from it, and the bytes on disk.

        With `verify` its words are then looked for in everything that is kept; the receipt says what came of that.
        """


class FactStore(Protocol):
    """Lasting statements, with their validity and their evidence."""

    async def add(
        self, conversation: ConversationRecord, entry: Entry, *, key: str | None = None, learnt: bool = False
    ) -> Fact:
        """Store a fact; an older open one with the same key here is closed at `entry.said_at`.

        `entry.drawn_from` is its evidence. `learnt` says that it was drawn from what somebody said, and not told.
        """

    async def select(self, scope: Scope, *, include_closed: bool = False) -> list[Fact]:
        """Return the facts within the scope, the newest first; closed ones only on request."""

    async def retract(self, scope: Scope, passage_ids: Sequence[int]) -> Receipt:
        """Forget facts, by their passages, as if they had never been kept: what they closed holds again."""


class JudgementStore(Protocol):
    """What people think of answers: one judgement a person and answer, forgotten with either and with the question."""

    async def keep(self, answer_id: int, person_id: int, value: int, given_at: datetime) -> None:
        """Keep what a person thinks of an answer, +1 or -1, in place of what they thought before; 0 takes it back.

        The answer's question is the passage that it replies to. An answer that is gone by now gets none.
        """

    async def select(self, scope: Scope) -> list[Judgement]:
        """Return what people within the scope thought of answers, the oldest first."""
