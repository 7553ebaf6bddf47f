"""Who may talk to the bot, and which memories a request may read; asked again for each message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from memory import records
from memory.records import Scope

if TYPE_CHECKING:
    from bot.events import Conversation, Person

Key = tuple[str, str]
"""A platform, and the id it gave to a person, a conversation or a workspace."""
MACHINE_OWNER: Key = ("console", "owner")
"""The account of whoever is at this machine: its command line and its console belong to it."""
WEB_PLATFORM = "http"
"""The platform of browsers and of programs with keys."""


class Role(StrEnum):
    """What a person may do.

    An owner everything; a member talks with the bot, which remembers it; a guest asks in groups, and nothing that a
    guest says is kept.
    """

    OWNER = "owner"
    MEMBER = "member"
    GUEST = "guest"


class AccessPolicy(Protocol):
    """Decides about people. It is asked for every message, so that a change takes effect at once."""

    @property
    def people(self) -> Mapping[Key, Role]:
        """The people whom the settings list."""

    async def role(self, person: Person, place: Conversation) -> Role | None:
        """Return what this person is there; None for a stranger, who is not listened to."""

    async def accounts(self, person: records.PersonRecord) -> frozenset[int]:
        """Return the ids of all accounts known to be this person's, the given one among them."""

    async def scope(
        self, person: records.PersonRecord, place: Conversation, conversation_id: int, accounts: frozenset[int]
    ) -> Scope:
        """Return what this person, under these accounts, may read from a conversation that the memory knows by its id.

        It is that of `scope_of`, and more for a program's key that was given more.
        """


class AllowList:
    """Denies by default: the owners may talk, and who or what the lists name.

    Platforms in `local` (the console) are only within reach of the machine's owner, so whoever is there is the owner.
    """

    def __init__(
        self,
        *,
        local: Iterable[str] = ("console",),
        owners: Iterable[Key] = (),
        people: Iterable[Key] = (),
        guests: Iterable[Key] = (),
        conversations: Iterable[Key] = (),
        workspaces: Iterable[Key] = (),
    ) -> None:
        self._local = frozenset(local)
        self._people = (
            dict.fromkeys(guests, Role.GUEST) | dict.fromkeys(people, Role.MEMBER) | dict.fromkeys(owners, Role.OWNER)
        )
        self._conversations = frozenset(conversations)
        self._workspaces = frozenset(workspaces)

    @property
    def people(self) -> dict[Key, Role]:
        """The people who are listed, each with the highest role that is listed for them."""
        return dict(self._people)

    async def role(self, person: Person, place: Conversation) -> Role | None:
        """Decide by the lists alone."""
        return decide_role(self.of_person(person), self.of_place(place), place)

    async def accounts(self, person: records.PersonRecord) -> frozenset[int]:
        """Link no accounts."""
        return frozenset({person.id})

    async def scope(
        self,
        person: records.PersonRecord,  # noqa: ARG002 (a key may read more, and the lists know no keys)
        place: Conversation,
        conversation_id: int,
        accounts: frozenset[int],
    ) -> Scope:
        """Go by the place alone."""
        return scope_of(place, accounts, conversation_id)

    def of_person(self, person: Person) -> Role | None:
        """Return the role that a person is listed with; whoever is at the machine itself is its owner."""
        return Role.OWNER if person.platform in self._local else self._people.get((person.platform, person.id))

    def of_place(self, place: Conversation) -> Role | None:
        """Return the role of everybody in a conversation, where it or its workspace is listed."""
        listed = (place.platform, place.id) in self._conversations or (
            place.workspace is not None and (place.platform, place.workspace) in self._workspaces
        )
        return Role.MEMBER if listed else None

    def lists_owner(self, platform: str) -> bool:
        """Say whether an owner of this platform is listed."""
        return platform in self._local or any(
            role is Role.OWNER and listed == platform for (listed, _), role in self._people.items()
        )


def decide_role(personal: Role | None, local: Role | None, place: Conversation) -> Role | None:
    """Return a person's role somewhere, from their own and from that of everybody there.

    Owners are listened to everywhere. Others are in groups that are allowed, each in the role of their own if they
    have one; and in their direct chats.
    """
    if personal is Role.OWNER or (place.kind == "direct" and personal is not None):
        return personal
    return None if local is None else personal or local


def scope_of(place: Conversation, accounts: frozenset[int], conversation_id: int) -> Scope:
    """Return what may be read from a conversation, which the memory knows by this id.

    A group and its threads see what everybody in the group can read: the group itself, and its open threads. A private
    thread sees that too, and alone sees itself. A direct chat sees the direct chats and the imports of the one person
    in it, under all their accounts.
    """
    if place.kind == "direct":
        return Scope.of_owner(*accounts)
    return Scope(frozenset({conversation_id}), audiences=frozenset({(place.platform, place.id)}))


def title_of(conversation: Conversation, person: Person) -> str:
    """Return the name to remember a conversation by; a direct chat without one is called after its person."""
    return conversation.title or (person.name if conversation.kind == "direct" else "")
