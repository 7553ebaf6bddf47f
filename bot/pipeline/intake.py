"""The way in: an event is checked, and stored in one transaction, before its platform hears that it arrived."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass

from bot.access.gate import AccessGate
from bot.access.policy import AccessPolicy, Role, scope_of, title_of
from bot.events import (
    Conversation,
    ConversationDeleted,
    ConversationMoved,
    Feedback,
    Message,
    MessageDeleted,
    MessageEdited,
    Person,
    from_json,
    to_json,
)
from bot.pipeline.conversation_moves import move_of
from bot.pipeline.feedback import judge
from memory import Entry, Memory, Passage, Scope, Selection, Waiting, records
from memory.records import PassageKind

logger = logging.getLogger(__name__)

_SEEN = 10_000
_NOBODY = 0  # no row has this id, so a scope of it sees nothing


@dataclass(frozen=True, slots=True)
class Received:
    """A message on its way, with its sender and its place as the memory knows them.

    Without a `passage_id` it is not stored, and neither may be anything that comes of it. `accounts` are all that its
    sender has linked.
    """

    message: Message
    passage_id: int | None
    person: records.Person
    conversation: records.Conversation
    scope: Scope
    role: Role
    accounts: frozenset[int] = frozenset()

    @property
    def lane(self) -> str:
        """The lane it waits its turn in."""
        return lane_of(self.message.conversation)

    @property
    def is_owner(self) -> bool:
        """Whether its sender owns the bot."""
        return self.role is Role.OWNER

    @property
    def own(self) -> frozenset[int]:
        """The id of its passage, if it has one."""
        return frozenset() if self.passage_id is None else frozenset({self.passage_id})


def lane_of(conversation: Conversation) -> str:
    """Return the key of a conversation's lane."""
    return f"{conversation.platform}:{conversation.key}"


class Intake:
    """Stores what platforms deliver, for people that the access policy admits."""

    def __init__(self, memory: Memory, access: AccessPolicy, gate: AccessGate) -> None:
        self._memory = memory
        self._access = access
        self._gate = gate
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def store(self, message: Message, kind: PassageKind, role: Role, *, to_handle: bool) -> Received | None:
        """Store a message that was admitted; None when it was known already.

        One `to_handle` also waits in the inbox until it is handled. A "command" and a "question" are never recalled.
        """
        person, conversation = await self._record_sender(message.sender, message.conversation)
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
        return await self._receive(message, stored.id, person, conversation, role) if stored.new else None

    async def take_unstored(self, message: Message, role: Role) -> Received | None:
        """Take a message of which nothing is stored; None when it was known already.

        A crash loses it, and what tells a repeated delivery is only kept while the bot runs.
        """
        if not self.is_first(message):
            return None
        sender, place = message.sender, message.conversation
        person = await self._memory.people.find(sender.platform, sender.id)
        person = person or records.Person(_NOBODY, sender.platform, sender.id, sender.name)
        owner = person.id if place.kind == "direct" else None
        conversation = await self._find_conversation(place, owner)
        return await self._receive(message, None, person, conversation, role)

    def is_first(self, message: Message) -> bool:
        """Say whether a message that is not stored is delivered for the first time."""
        key = lane_of(message.conversation), message.event_id
        if key in self._seen:
            return False
        self._seen[key] = None
        while len(self._seen) > _SEEN:
            self._seen.popitem(last=False)
        return True

    async def resume(self, waiting: Waiting) -> Received | None:
        """Return a message that a crash left unhandled; None when it can't be read, or is not admitted any more.

        Such a one is marked as handled, so that it is not met again at each start.
        """
        try:
            message = from_json(Message, waiting.payload)
        except ValueError:
            logger.exception("The waiting message %d can't be read, and is left unanswered", waiting.passage_id)
            await self._memory.delivery.mark_handled(waiting.passage_id)
            return None
        role = await self._access.role(message.sender, message.conversation)
        if role is None:
            await self._memory.delivery.mark_handled(waiting.passage_id)
            return None
        person, conversation = await self._record_sender(message.sender, message.conversation)
        return await self._receive(message, waiting.passage_id, person, conversation, role)

    async def edit(self, event: MessageEdited) -> bool:
        """Change a stored message and all that was derived from it; False when it is not known.

        Where nothing may be kept any more it is forgotten: the new text can't be stored, the old one no longer holds.
        """
        passage = await self._find_passage(event.conversation, event.message_id)
        if passage is None:
            return False
        if await self._gate.keeps_change(event.conversation, passage):
            return await self._memory.passages.edit(passage.conversation, event.message_id, event.text)
        await self._memory.forget(Scope.all(), Selection(passage_ids=(passage.id,)))
        return True

    async def delete(self, event: MessageDeleted) -> int:
        """Forget messages that their platform deleted; return how many were known."""
        found = [await self._find_passage(event.conversation, message_id) for message_id in event.message_ids]
        ids = tuple(passage.id for passage in found if passage is not None)
        if ids:
            await self._memory.forget(Scope.all(), Selection(passage_ids=ids))
        return len(ids)

    async def delete_conversation(self, event: ConversationDeleted) -> bool:
        """Forget a group or a thread that its platform deleted; False when nothing is known of it."""
        receipt = await self._memory.conversations.forget_group(event.conversation.platform, event.conversation.key)
        return receipt.passages > 0

    async def move(self, event: ConversationMoved) -> bool:
        """Let a group be known by its new id; False when nothing is known of it, and nobody there may talk.

        What its members may do by the settings, which name the old id, is decided for the new one.
        """
        anybody = Person(event.conversation.platform, "", "")
        return await self._memory.conversations.move(
            move_of(event, await self._access.role(anybody, event.conversation))
        )

    async def judge(self, event: Feedback) -> bool:
        """Store a judgement beside the reply it is about; False when the bot has not said that, or nothing is kept."""
        passage = await self._find_passage(event.conversation, event.message_id)
        if passage is None or passage.author_id is not None:
            return False
        if not await self._gate.keeps(event.sender, event.conversation):
            return False
        await judge(self._memory, passage, event.sender, event.value, event.given_at)
        return True

    async def _record_sender(self, sender: Person, place: Conversation) -> tuple[records.Person, records.Conversation]:
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

    async def _receive(
        self,
        message: Message,
        passage_id: int | None,
        person: records.Person,
        conversation: records.Conversation,
        role: Role,
    ) -> Received:
        accounts = await self._access.accounts(person)
        return Received(
            message=message,
            passage_id=passage_id,
            person=person,
            conversation=conversation,
            scope=scope_of(message.conversation, accounts, conversation.id),
            role=role,
            accounts=accounts,
        )

    async def _find_conversation(self, place: Conversation, owner_id: int | None) -> records.Conversation:
        """Return a conversation; where nothing is remembered of it, one that stands for nothing."""
        found = await self._memory.conversations.find(place.platform, place.key, owner_id=owner_id)
        return found or records.Conversation(_NOBODY, place.platform, place.key, place.title, place.kind, owner_id)

    async def _find_passage(self, place: Conversation, event_id: str) -> Passage | None:
        """Find a message by its platform's id: what a platform says about its own messages needs no other scope."""
        found = await self._memory.passages.find_event(place.platform, event_id)
        return next((passage for passage in found if _is_in(passage.conversation.external_id, place)), None)


def _is_in(external_id: str, place: Conversation) -> bool:
    """Say whether a conversation is this one, or a thread of it: not every event tells its thread."""
    return external_id == place.key or (place.thread is None and external_id.startswith(f"{place.id}/"))
