"""Access as the settings list it, and as owners decide in chats and on the command line while the bot runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from bot.access.policy import MACHINE_OWNER, WEB_PLATFORM, AllowList, Key, Role, decide_role, scope_of
from bot.events import Conversation, Person, platform_of
from memory import records
from memory.access_records import Account, Grant, GrantKind
from memory.ledger import Ledger
from memory.records import Scope

Decision = Role | Literal["denied"]


class Members:
    """Reads decisions from the database for each message: another process's count as well, and at once.

    A decision goes before the settings, except that nobody takes the ownership that the settings give. What was decided
    about a conversation goes before what was about its workspace.
    """

    def __init__(self, listed: AllowList, ledger: Ledger) -> None:
        self.listed = listed
        self._ledger = ledger

    @property
    def people(self) -> Mapping[Key, Role]:
        """The people whom the settings list."""
        return self.listed.people

    async def role(self, person: Person, place: Conversation) -> Role | None:
        """Return what this person is there; None for a stranger and for who was denied."""
        if self.listed.of_person(person) is Role.OWNER:
            return Role.OWNER
        subjects: list[tuple[GrantKind, str]] = [("person", person.id), ("conversation", place.id)]
        if place.workspace is not None:
            subjects.append(("workspace", place.workspace))
        found = {grant.kind: decision_of(grant) for grant in await self._find(person, place, subjects)}
        personal = found.get("person", self.listed.of_person(person))
        local = found.get("conversation") or found.get("workspace") or self.listed.of_place(place)
        if personal == "denied":
            return None
        return decide_role(personal, None if local == "denied" else local, place)

    async def _find(
        self, person: Person, place: Conversation, subjects: list[tuple[GrantKind, str]]
    ) -> Iterable[Grant]:
        """Return what was decided about a person, on every bot of their platform, and about a place of one bot."""
        found = await self._ledger.grants.find(place.platform, subjects)
        if person.platform == place.platform:
            return found
        personal = await self._ledger.grants.find(person.platform, [("person", person.id)])
        return personal + [grant for grant in found if grant.kind != "person"]

    async def accounts(self, person: records.PersonRecord) -> frozenset[int]:
        """Return the person's linked accounts, as far as the memory knows them."""
        linked = await self._ledger.links.find_people(Account(person.platform, person.external_id))
        return frozenset({person.id, *linked})

    async def scope(
        self, person: records.PersonRecord, place: Conversation, conversation_id: int, accounts: frozenset[int]
    ) -> Scope:
        """Return what may be read from a conversation; a key reads there what it was given when it was made."""
        if person.platform != WEB_PLATFORM or place.kind != "direct":
            return scope_of(place, accounts, conversation_id)
        key = await self._ledger.api_keys.find_account(person.external_id)
        if key is None or key.scope == "key":
            return scope_of(place, accounts, conversation_id)
        if key.scope == "all":
            return Scope.all()
        owners = await self._ledger.links.find_people(Account(*MACHINE_OWNER))
        return Scope.of_owner(*accounts, *owners)

    async def decisions(self) -> list[Grant]:
        """Return what was decided, and after it the people whom the settings list."""
        return add_listed(await self._ledger.grants.read_all(), self.people)

    async def has_owner(self, platform: str) -> bool:
        """Say whether a bot, or the bots of a platform, have an owner there."""
        platform = platform_of(platform)
        return self.listed.lists_owner(platform) or any(
            grant.platform == platform and grant.role == "owner" for grant in await self._ledger.grants.read_all()
        )


def decision_of(grant: Grant) -> Decision:
    """Return a grant's role; "denied" is none."""
    return "denied" if grant.role == "denied" else Role(grant.role)


def add_listed(decided: list[Grant], people: Mapping[Key, Role]) -> list[Grant]:
    """Return decisions, and the listed people whom none of them overrules."""
    overruled = {(grant.platform, grant.external_id) for grant in decided if grant.kind == "person"}
    return decided + [
        Grant(platform, "person", account, role.value)
        for (platform, account), role in people.items()
        if role is Role.OWNER or (platform, account) not in overruled
    ]
