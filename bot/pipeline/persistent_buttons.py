"""Buttons that nobody waits for: they are kept in the database, and say something in the name of who presses them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot.adapter import Delivery
from bot.events import Choice, Message, Person, Reply, from_json, to_json
from memory import Memory
from memory.records import ConversationRecord

MOST = 100
"""Replies with such buttons that are kept in one conversation; the oldest go first."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the buttons of one reply say, and who may press them: None for everybody."""

    says: tuple[str, ...]
    person: Person | None


class PersistentButtons:
    """Keeps what buttons say with the conversation that they are in, and is forgotten with it."""

    def __init__(self, memory: Memory, now: Callable[[], datetime]) -> None:
        self._memory = memory
        self._now = now

    async def keep(
        self, reply: Reply, home: ConversationRecord, person: Person, drawn_from: Collection[int] = ()
    ) -> None:
        """Keep what a reply's buttons say, if it has such; only this person may press them.

        They are forgotten with any of the passages in `drawn_from`. Raises SourceForgotten when one is gone by now.
        """
        if reply.choices is None or not reply.choices.says:
            return
        kept = _Kept(reply.choices.says, person)
        await self._memory.ledger.buttons.keep(
            home.id, reply.choices.id, to_json(kept), most=MOST, drawn_from=drawn_from
        )

    async def press(self, choice: Choice, receive: Callable[[Message], Awaitable[Delivery]]) -> Delivery:
        """Let what a button says be received as a message, once; say what became of the press."""
        home = await self._home(choice)
        if home is None:
            return Delivery.EXPIRED
        written = await self._memory.ledger.buttons.find(home.id, choice.question)
        if written is None:
            known = await self._memory.passages.find_event(home.platform, _event(choice))
            return Delivery.DUPLICATE if known else Delivery.EXPIRED
        offer = from_json(_Kept, written)
        if choice.number >= len(offer.says):
            return Delivery.EXPIRED
        if offer.person is not None and _account(offer.person) != _account(choice.sender):
            return Delivery.REFUSED
        message = Message(
            event_id=_event(choice),
            conversation=choice.conversation,
            sender=choice.sender,
            text=offer.says[choice.number],
            sent_at=self._now(),
            addressed=True,
        )
        delivery = await receive(message)
        await self._memory.ledger.buttons.delete(home.id, choice.question)
        return delivery

    async def _home(self, choice: Choice) -> ConversationRecord | None:
        place = choice.conversation
        person = await self._memory.people.find(choice.sender.platform, choice.sender.id)
        if place.kind == "direct" and person is None:
            return None
        owner = person.id if person is not None and place.kind == "direct" else None
        return await self._memory.conversations.find(place.platform, place.key, owner_id=owner)


def _event(choice: Choice) -> str:
    return f"buttons:{choice.question}"


def _account(person: Person) -> tuple[str, str]:
    return person.platform, person.id
