"""The durable way of a message through the bot: the inbox it waits in, and the outbox its reply leaves from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from memory.delivery_records import Outgoing, Waiting
from memory.records import ConversationRecord, Entry, Stored


class DeliveryStore(Protocol):
    """Messages that wait to be handled, and replies that wait to be sent.

    Of several processes on one database, each message and each reply has one that works on it. Where processes may be
    on several machines, all messages of a conversation have the same one, as long as any of them waits.
    """

    async def receive(self, conversation: ConversationRecord, entry: Entry, payload: str) -> Stored:
        """Store a message and note that it waits to be handled, in one transaction; a known event changes nothing.

        This process handles it, unless what it returns says `elsewhere`.
        """

    async def list_waiting(self) -> list[Waiting]:
        """Return the messages that were received but not handled, oldest first."""

    async def find_waiting(self, passage_id: int) -> Waiting | None:
        """Return a message that was received but not handled."""

    async def claim_waiting(self, platforms: Collection[str]) -> list[Waiting]:
        """Return the waiting messages of these platforms that no living process handles; from now on this one does.

        Where a reply is left to be sent, it may have to be claimed first, so that it goes out before what is newer.
        """

    async def wait(self, seconds: float) -> bool:
        """Return True once another process has left something to claim; False after `seconds`, or if nobody tells."""

    async def mark_handled(self, passage_id: int) -> None:
        """Note that a received message needs nothing more."""

    async def withhold(self, passage_id: int, text: str) -> None:
        """Keep no more of a received command than this text; it counts as handled from here on."""

    async def queue_reply(
        self, conversation: ConversationRecord, in_reply_to: int | None, payload: str, drawn_from: Collection[int] = ()
    ) -> Outgoing:
        """Keep a reply until it is known to be sent; the message it answers counts as handled from here on.

        It is dropped when that message is forgotten, or any of the passages in `drawn_from`. Raises SourceForgotten
        when any of these is gone by now, and TakenOver when another process has the message it answers.
        """

    async def mark_sent(self, outgoing: Outgoing, entry: Entry, more_ids: Sequence[str] = ()) -> Stored | None:
        """Store the reply as a passage and drop it from the outbox, in one transaction.

        It goes with whatever it went with in the outbox. What was dropped from there while it was being sent is not
        stored, and None is returned. `more_ids` are the event ids of its further parts, where it was too long for one.
        """

    async def find_unsent(self, outgoing_id: int) -> Outgoing | None:
        """Return a reply that may not have been sent."""

    async def list_unsent(self, conversation_id: int | None = None) -> list[Outgoing]:
        """Return the replies that may not have been sent, oldest first: all of them, or those to one conversation."""

    async def claim_unsent(self, platforms: Collection[str]) -> list[Outgoing]:
        """Return the unsent replies to these platforms that no living process sends; from now on this one does."""
