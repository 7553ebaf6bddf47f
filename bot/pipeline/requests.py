"""Requests that are no messages: a page or a program that reads and changes the memory, within its caller's scope."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal
from uuid import uuid4

from prometheus_client import CollectorRegistry

from bot.access.api_keys import ApiKeys
from bot.access.forgetting import forget_everywhere
from bot.access.pairing import Pairing
from bot.access.policy import MACHINE_OWNER, WEB_PLATFORM, Role
from bot.access.quotas import Countable
from bot.access.scoped_access import ScopedAccess
from bot.access.scoped_memory import ScopedMemory
from bot.access.terminal_history import forget_typed
from bot.commands.statistics.counts import Counting, Counts
from bot.commands.transfer import every_passage
from bot.errors import NOT_KEPT, AccessDenied, CommandError, QuotaSpent
from bot.events import Conversation, Message, Person
from bot.hosting.scoped_plugins import ScopedPlugins
from bot.models import LanguageModel
from bot.models.switching import SwitchableModel
from bot.pipeline.completions import Completions
from bot.pipeline.feedback import judge
from bot.pipeline.histories import OwnHistories
from bot.pipeline.received import Received
from bot.pipeline.request_services import RequestServices
from bot.reading.incoming import IncomingFile
from bot.reading.library import documents_of
from bot.reading.outcome import Outcome
from bot.reading.reading import Destination, Tell
from memory import Memory, Passage, Receipt, Recollection, Scope, Selection, TimeWindow, records
from memory.access_records import Account, Grant
from memory.embedders.queue import EmbeddingQueue
from memory.errors import StorageError

_OWNER = Person(WEB_PLATFORM, MACHINE_OWNER[1], "You")
_NOBODY = 0  # no row has this id, so what stands for nothing can have it
_REFUSED = "You may not use this bot; ask its owner."
_OWNERS_ONLY = "Only the bot's owner may do this."
_SPENT = "Today's limit for {what} is reached. It begins again at midnight."


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
    def language(self) -> str:
        """The language that the settings name for everybody; "auto" is each one's own."""
        return self._services.language

    @property
    def model(self) -> str | None:
        """The language model's name; None where there is none that writes."""
        writer = self._services.answerer.writer
        return writer.name if writer.is_there else None

    async def switch_model(self, model: LanguageModel) -> None:
        """Have another model write from the next answer on. Raises ModelError, and the one before goes on."""
        switchable = self._services.answerer.model
        if not isinstance(switchable, SwitchableModel):
            raise CommandError("The model of this bot can't be switched while it runs.")
        await switchable.switch(model)

    @property
    def embedder(self) -> EmbeddingQueue:
        """The embedding model of the memory, for texts of programs as well."""
        return self._services.memory.embeddings

    async def refresh_metrics(self) -> None:
        """Bring up to date the gauges that are only worked out when somebody looks at them."""
        services = self._services
        services.metrics.unembedded.set(await services.memory.embeddings.count_pending())
        services.metrics.queued.set(len(await services.memory.delivery.list_waiting()))

    @property
    def folder(self) -> Path:
        """The folder beside the memory, for what an adapter keeps in files."""
        return self._services.memory.folder

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
        conversation = conversation or records.ConversationRecord(
            _NOBODY, place.platform, place.key, place.title, place.kind, known.id
        )
        accounts = await services.access.accounts(known)
        scope = await services.access.scope(known, place, conversation.id, accounts)
        keeper = await services.memory.people.ensure(*MACHINE_OWNER, _OWNER.name) if person == _OWNER else known
        return Caller(services, person, place, known, conversation, role, scope, accounts, keeper)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks for something, and their access: `scope` is what they may read."""

    _services: RequestServices
    person: Person
    place: Conversation
    known: records.PersonRecord
    conversation: records.ConversationRecord
    role: Role
    scope: Scope
    accounts: frozenset[int]
    keeper: records.PersonRecord
    """Whose the histories and files are that they bring: the machine's owner has them once, on the command line too."""

    @property
    def is_owner(self) -> bool:
        """Whether they own the bot."""
        return self.role is Role.OWNER

    @property
    def memory(self) -> Memory:
        """The memory; every read of it is given `scope`."""
        return self._services.memory

    @property
    def completions(self) -> Completions:
        """What writes for them: answers from what they may read, and texts of the language model itself."""
        message = Message(uuid4().hex, self.place, self.person, "", datetime.now(UTC))
        asker = Received(message, None, self.known, self.conversation, self.scope, self.role, self.accounts)
        return Completions(self._services, asker)

    @property
    def access(self) -> ScopedAccess:
        """Who may talk with the bot, as far as the caller may know and decide that."""
        services = self._services
        message = Message(uuid4().hex, self.place, self.person, "", datetime.now(UTC))
        return ScopedAccess(services.memory.ledger, services.access, services.quotas, message, self.role)

    @property
    def plugins(self) -> ScopedPlugins:
        """The plugins, which owners may switch and set."""
        return ScopedPlugins(self._services.manager, self.is_owner)

    async def invite(self, role: Role, platform: str | None) -> str:
        """Return a one-time code that gives who sends it a role. Raises AccessDenied unless the caller is an owner."""
        if not self.is_owner:
            raise AccessDenied(_OWNERS_ONLY)
        return await Pairing(self.memory.ledger).invite(role, platform)

    async def spend(self, what: Countable) -> None:
        """Count one more message or answer. Raises QuotaSpent when today's are used up."""
        if await self._services.quotas.take(self.person, self.role, what) is not None:
            raise QuotaSpent(_SPENT.format(what=what))

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
            past_files_of=self._services.past_files_of,
        )

    async def forget(self, selection: Selection) -> Receipt:
        """Forget what fits a selection of what they may see, and return the receipt. Whose it is was looked at before.

        For passages of their choice, `handler_memory` forgets what repeats them, too.
        """
        by = f"{self.person.platform}:{self.person.id}"
        return await forget_everywhere(self.memory, self.scope, selection, by=by)

    async def edit(self, passage: Passage, text: str) -> None:
        """Let a passage with an event id say something else; what it said before is forgotten."""
        assert passage.event_id is not None  # noqa: S101 (as said)
        await asyncio.to_thread(forget_typed, self.memory.folder, [passage.text])
        await self.memory.passages.edit(passage.conversation, passage.event_id, text)

    def histories(self) -> OwnHistories:
        """Return what an importer needs to take in histories of theirs. Raises CommandError where nothing is kept."""
        if self.role is Role.GUEST:
            raise CommandError(NOT_KEPT)
        return OwnHistories(self.memory, self.keeper, self._services.past_files_of)

    async def recall(
        self, question: str, *, limit: int = 10, window: TimeWindow | None = None
    ) -> Sequence[Recollection]:
        """Return what answers a question best, best first."""
        with self._services.metrics.recall.time():
            return await self.memory.recall(question, self.scope, now=datetime.now(UTC), limit=limit, window=window)

    async def judge(self, answer: Passage, value: Literal[-1, 0, 1]) -> None:
        """Keep what they think of an answer; it takes the place of what they thought before."""
        await judge(self.memory, answer, self.person, value, datetime.now(UTC))

    async def read_file(self, file: IncomingFile, tell: Tell = lambda _: None) -> Outcome:
        """Read a local file into their documents. Raises FileUnreadable; then nothing has changed."""
        documents = await documents_of(self.memory, self.keeper.id)
        destination = Destination(documents, self.keeper.id, datetime.now(UTC))
        return await self._services.reading.read(file, destination, tell)

    async def count(self, conversation_id: int) -> Counts | None:
        """Count what was said in a conversation, as `scrubjay stats` does; None where it is outside their scope."""
        known = await self.memory.conversations.summarize(self.scope)
        place = next((each.conversation for each in known if each.conversation.id == conversation_id), None)
        if place is None:
            return None
        counting = Counting(place.title, self._services.answerer.zone or UTC)
        async for passage in every_passage(self.memory, Scope.of_conversation(place.id)):
            counting.add((passage,))
        return counting.counts
