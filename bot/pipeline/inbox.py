"""The inbox: a message is stored in one transaction with the note that it waits, and is read from there in its turn."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.access.gate import AdmissionDecision
from bot.access.policy import AccessPolicy, Role, title_of
from bot.events import Conversation, Message, Person, from_json, to_json
from bot.pipeline.lru_cache import Recent
from bot.pipeline.received import Received, lane_of
from memory import Entry, Memory, Waiting, records
from memory.records import PassageKind

logger = logging.getLogger(__name__)

_UNSTORED_KNOWN = 10_000
"""How many messages that are stored nowhere are known again when their platform delivers them twice."""
_NOBODY = 0  # no row has this id, so a scope of it sees nothing


class Inbox:
    """Stores messages that are admitted, and finds those that wait to be handled."""

    def __init__(self, memory: Memory, policy: AccessPolicy) -> None:
        self._memory = memory
        self._policy = policy
        self._unstored = Recent[tuple[str, str], None](_UNSTORED_KNOWN)

    async def take(
        self, message: Message, kind: PassageKind, admission: AdmissionDecision, *, to_handle: bool
    ) -> Received | None:
        """Store a message, where anything may be stored; None when it was known already."""
        role = admission.role or Role.GUEST
        if admission.keeps:
            return await self.store(message, kind, role, to_handle=to_handle)
        return await self._take_unstored(message, role)

    async def store(self, message: Message, kind: PassageKind, role: Role, *, to_handle: bool) -> Received | None:
        """Store a message. One `to_handle` also waits in the inbox until it is handled.

        A "command" and a "question" are never recalled.
        """
        person, conversation = await self._record_sender(message.sender, message.conversation)
        # Looked up first: once the message is stored, nothing that may fail stands between it and its lane.
        received = await self._with_access(message, None, person, conversation, role)
        entry = Entry(
            text=message.text_with_file_names,
            said_at=message.sent_at,
            author=message.sender.name,
            author_id=person.id,
            kind=kind,
            event_id=message.event_id,
            reply_to=message.reply_to,
            link=message.link,
        )
        if to_handle:
            stored = await self._memory.delivery.receive(conversation, entry, to_json(message))
        else:
            (stored,) = await self._memory.passages.add(conversation, [entry])
        if not stored.new:
            return None
        return replace(received, passage_id=stored.id, elsewhere=stored.elsewhere)

    async def fetch(self, passage_id: int) -> Received | None:
        """Return a message that was left in the store because its lane was full; None when it is forgotten by now."""
        waiting = await self._memory.delivery.find_waiting(passage_id)
        return None if waiting is None else await self.read(waiting)

    async def read(self, waiting: Waiting) -> Received | None:
        """Return a message from the inbox; None when it can't be read, or its sender is not admitted any more.

        Such a one is marked as handled, so that it is not met again at each start.
        """
        try:
            message = from_json(Message, waiting.payload)
        except ValueError:
            logger.exception("The waiting message %d can't be read, and is left unanswered", waiting.passage_id)
            await self._memory.delivery.mark_handled(waiting.passage_id)
            return None
        role = await self._policy.role(message.sender, message.conversation)
        if role is None:
            await self._memory.delivery.mark_handled(waiting.passage_id)
            return None
        person, conversation = await self._record_sender(message.sender, message.conversation)
        return await self._with_access(message, waiting.passage_id, person, conversation, role)

    async def _take_unstored(self, message: Message, role: Role) -> Received | None:
        """Take a message of which nothing may be stored.

        A crash loses it, and what tells a repeated delivery is only kept while the bot runs.
        """
        key = lane_of(message.conversation), message.event_id
        if self._unstored.knows(key):
            return None
        self._unstored.keep(key, None)
        sender, place = message.sender, message.conversation
        person = await self._memory.people.find(sender.platform, sender.id)
        person = person or records.PersonRecord(_NOBODY, sender.platform, sender.id, sender.name)
        owner = person.id if place.kind == "direct" else None
        conversation = await self._memory.conversations.find(place.platform, place.key, owner_id=owner)
        # Where nothing is remembered of the conversation, one that stands for nothing takes its place.
        conversation = conversation or records.ConversationRecord(
            _NOBODY, place.platform, place.key, place.title, place.kind, owner
        )
        return await self._with_access(message, None, person, conversation, role)

    async def _record_sender(
        self, sender: Person, place: Conversation
    ) -> tuple[records.PersonRecord, records.ConversationRecord]:
        person = await self._memory.people.ensure(sender.platform, sender.id, sender.name)
        conversation = await self._memory.conversations.ensure(
            place.platform,
            place.key,
            title=title_of(place, sender),
            kind=place.kind,
            owner_id=person.id if place.kind == "direct" else None,
            audience=place.audience,
        )
        return person, conversation

    async def _with_access(
        self,
        message: Message,
        passage_id: int | None,
        person: records.PersonRecord,
        conversation: records.ConversationRecord,
        role: Role,
    ) -> Received:
        """Return a message with what its sender may read here."""
        accounts = await self._policy.accounts(person)
        scope = await self._policy.scope(person, message.conversation, conversation.id, accounts)
        return Received(message, passage_id, person, conversation, scope, role, accounts)
