"""Requests that are no messages: a page or a program that reads and changes the memory, within its caller's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from uuid import uuid4

from prometheus_client import CollectorRegistry

from bot.access.api_keys import ApiKeys
from bot.access.gate import AccessGate
from bot.access.pairing import Pairing
from bot.access.policy import MACHINE_OWNER, WEB_PLATFORM, AccessPolicy, Role
from bot.access.quotas import Countable, Quotas
from bot.access.scoped_memory import ScopedMemory
from bot.answering.answer import Answerer
from bot.errors import AccessDenied
from bot.events import Conversation, Message, Person
from bot.pipeline.metrics import Metrics
from memory import Memory, Recollection, Scope, TimeWindow, records
from memory.access_records import Account, Grant
from memory.errors import StorageError

_OWNER = Person(WEB_PLATFORM, MACHINE_OWNER[1], "You")
_NOBODY = 0  # no row has this id, so what stands for nothing can have it
_REFUSED = "You may not use this bot; ask its owner."
_SPENT = "Today's limit for {what} is reached. It begins again at midnight."


@dataclass(frozen=True, slots=True)
class RequestServices:
    """The parts of the bot that serve requests; `bot.app` builds them. `Requests` is what an adapter sees of them."""

    memory: Memory
    access: AccessPolicy
    gate: AccessGate
    quotas: Quotas
    answerer: Answerer
    metrics: Metrics


class Requests:
    """What an adapter of pages and programs asks the bot for: who somebody is, and what they may read and change."""

    def __init__(self, services: RequestServices) -> None:
        self._services = services
        self.keys = ApiKeys(services.memory.ledger)

    @property
    def registry(self) -> CollectorRegistry:
        """The instruments that are counted with."""
        return self._services.metrics.registry

    @property
    def zone(self) -> tzinfo | None:
        """The zone that times are shown in; None shows each in its own."""
        return self._services.answerer.zone

    @property
    def bot_name(self) -> str:
        """What the bot is called."""
        return self._services.answerer.options.name

    @property
    def folder(self) -> Path:
        """The folder beside the memory, for what an adapter keeps in files."""
        return self._services.memory.path.parent

    async def is_ready(self) -> bool:
        """Say whether the memory can be read."""
        try:
            await self.keys.any_exist()
        except StorageError:
            return False
        return True

    async def owner(self) -> Person:
        """Return the machine's owner as they come in a browser: with all that is theirs on the command line."""
        ledger, machine, web = (
            self._services.memory.ledger,
            Account(*MACHINE_OWNER),
            Account(_OWNER.platform, _OWNER.id),
        )
        if web not in await ledger.links.find_linked(machine):
            pairing = Pairing(ledger)
            await pairing.link(await pairing.link_code(machine), web)
        await ledger.grants.keep(Grant(_OWNER.platform, "person", _OWNER.id, Role.OWNER.value, _OWNER.name))
        return _OWNER

    async def caller(self, person: Person, place: Conversation) -> Caller:
        """Return somebody as they may act from a direct chat of theirs. Raises AccessDenied for a stranger."""
        services = self._services
        role = await services.access.role(person, place)
        if role is None:
            raise AccessDenied(_REFUSED)
        known = await services.memory.people.ensure(person.platform, person.id, person.name)
        conversation = await services.memory.conversations.find(place.platform, place.key, owner_id=known.id)
        # Where nothing is remembered of the conversation yet, one that stands for nothing takes its place.
        conversation = conversation or records.Conversation(
            _NOBODY, place.platform, place.key, place.title, place.kind, known.id
        )
        accounts = await services.access.accounts(known)
        scope = await services.access.scope(known, place, conversation.id, accounts)
        return Caller(services, person, place, known, conversation, role, scope, accounts)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks for something, and the walls that hold for them: `scope` is what they may read."""

    _services: RequestServices
    person: Person
    place: Conversation
    known: records.Person
    conversation: records.Conversation
    role: Role
    scope: Scope
    accounts: frozenset[int]

    @property
    def is_owner(self) -> bool:
        """Whether they own the bot."""
        return self.role is Role.OWNER

    @property
    def memory(self) -> Memory:
        """The memory; every read of it is given `scope`."""
        return self._services.memory

    async def spend(self, what: Countable) -> None:
        """Count one more message or answer. Raises AccessDenied when today's are used up."""
        if await self._services.quotas.take(self.person, self.role, what) is not None:
            raise AccessDenied(_SPENT.format(what=what))

    async def at_home(self) -> Caller:
        """Return the same caller with their conversation made, for what is stored there."""
        if self.conversation.id != _NOBODY:
            return self
        made = await self.memory.conversations.ensure(
            self.place.platform,
            self.place.key,
            title=self.place.title or self.person.name,
            kind=self.place.kind,
            owner_id=self.known.id,
        )
        return replace(self, conversation=made)

    def handler_memory(self, text: str = "") -> ScopedMemory:
        """Return the memory as a handler of a message with this text would see it: to remember, forget and correct."""
        message = Message(uuid4().hex, self.place, self.person, text, datetime.now(UTC))
        return ScopedMemory(
            self.memory,
            message,
            conversation=self.conversation,
            person=self.known,
            scope=self.scope,
            is_owner=self.is_owner,
            keeps=self.role is not Role.GUEST,
        )

    async def recall(
        self, question: str, *, limit: int = 10, window: TimeWindow | None = None
    ) -> Sequence[Recollection]:
        """Return what answers a question best, best first."""
        with self._services.metrics.recall.time():
            return await self.memory.recall(question, self.scope, now=datetime.now(UTC), limit=limit, window=window)
