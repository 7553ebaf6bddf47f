"""Who may talk to the bot, and which memories a request may read; asked anew for each message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from bot.events import Conversation, Message, Person
from memory import records
from memory.records import Scope


class AccessPolicy(Protocol):
    """Decides about people. It is asked for every message, so that a change takes effect at once."""

    async def admits(self, message: Message) -> bool:
        """Say whether the sender may talk to the bot there; what is not admitted is not stored."""

    async def is_owner(self, person: Person) -> bool:
        """Say whether this person owns the bot."""

    async def accounts(self, person: records.Person) -> frozenset[int]:
        """Return the ids of all accounts known to be this person's, the given one among them."""


class AllowList:
    """Denies by default: the owners may talk, and who or what the lists name.

    An owner or person is (platform, id); a conversation too, and admits everybody in it. Platforms in
    `local` (the console) are only within reach of the machine's owner, so whoever is there is the owner.
    """

    def __init__(
        self,
        *,
        local: Iterable[str] = ("console",),
        owners: Iterable[tuple[str, str]] = (),
        people: Iterable[tuple[str, str]] = (),
        conversations: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._local = frozenset(local)
        self._owners = frozenset(owners)
        self._people = frozenset(people)
        self._conversations = frozenset(conversations)

    async def admits(self, message: Message) -> bool:
        """Admit owners, listed people, and everybody in a listed conversation."""
        sender, place = message.sender, message.conversation
        return (
            await self.is_owner(sender)
            or (sender.platform, sender.id) in self._people
            or (place.platform, place.id) in self._conversations
        )

    async def is_owner(self, person: Person) -> bool:
        """Take whoever is at the machine itself for its owner."""
        return person.platform in self._local or (person.platform, person.id) in self._owners

    async def accounts(self, person: records.Person) -> frozenset[int]:
        """Link no accounts."""
        return frozenset({person.id})


def scope_of(place: records.Conversation, accounts: frozenset[int], group: records.Conversation | None = None) -> Scope:
    """Return what may be read from a conversation.

    A group sees itself, and a thread its group as well. A direct chat sees the direct chats and the imports of
    the one person in it, under all their accounts.
    """
    if place.kind == "direct":
        return Scope.of_owner(*accounts)
    return Scope.of_conversation(place.id) if group is None else Scope.of_conversation(place.id, group.id)


def titled(conversation: Conversation, person: Person) -> str:
    """Return the name to remember a conversation by; a direct chat without one is called after its person."""
    return conversation.title or (person.name if conversation.kind == "direct" else "")
