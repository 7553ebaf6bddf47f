"""The way in: an event is checked, and stored in one transaction, before its platform hears that it arrived."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass

from bot.access import AccessPolicy, scope_of, titled
from bot.events import Conversation, Feedback, Message, MessageDeleted, MessageEdited, Person, from_json, to_json
from memory import Entry, Memory, Passage, Scope, Selection, Waiting, records
from memory.records import PassageKind

logger = logging.getLogger(__name__)

_SAME_PREFIX = 10_000


@dataclass(frozen=True, slots=True)
class Received:
    """A message that is stored, with its sender and its place as the memory knows them."""

    message: Message
    passage_id: int
    person: records.Person
    conversation: records.Conversation
    scope: Scope
    is_owner: bool

    @property
    def lane(self) -> str:
        """The lane it waits its turn in."""
        return lane_of(self.message.conversation)


def lane_of(conversation: Conversation) -> str:
    """Return the key of a conversation's lane."""
    return f"{conversation.platform}:{conversation.key}"


class Intake:
    """Stores what platforms deliver, for people that the access policy admits."""

    def __init__(self, memory: Memory, access: AccessPolicy) -> None:
        self._memory = memory
        self._access = access

    async def message(self, message: Message, kind: PassageKind, *, to_handle: bool) -> Received | None:
        """Store a message that was admitted; None when it was known already.

        One `to_handle` also waits in the inbox until it is handled. A "command" is never recalled.
        """
        person, conversation = await self._known(message.sender, message.conversation)
        entry = Entry(
            text=stored_text(message),
            said_at=message.sent_at,
            author=message.sender.name,
            author_id=person.id,
            kind=kind,
            event_id=message.event_id,
            reply_to=message.reply_to,
            link=message.link,
        )
        if to_handle:
            stored = await self._memory.receive(conversation, entry, to_json(message))
        else:
            (stored,) = await self._memory.add(conversation, [entry])
        return await self._received(message, stored.id, person, conversation) if stored.new else None

    async def resumed(self, waiting: Waiting, platforms: Collection[str]) -> Received | None:
        """Return a message that a crash left unhandled; None when it can't be read, or is not admitted any more.

        Such a one is marked as handled, so that it is not met again at each start. Messages of other platforms
        than `platforms` are left to the process that serves those.
        """
        try:
            message = from_json(Message, waiting.payload)
        except ValueError:
            logger.exception("The waiting message %d can't be read, and is left unanswered", waiting.passage_id)
            await self._memory.handled(waiting.passage_id)
            return None
        if message.conversation.platform not in platforms:
            return None
        if not await self._access.admits(message):
            await self._memory.handled(waiting.passage_id)
            return None
        person, conversation = await self._known(message.sender, message.conversation)
        return await self._received(message, waiting.passage_id, person, conversation)

    async def edited(self, event: MessageEdited) -> bool:
        """Change a stored message and all that was derived from it; False when it is not known."""
        passage = await self._passage(event.conversation, event.message_id)
        return passage is not None and await self._memory.edit(passage.conversation, event.message_id, event.text)

    async def deleted(self, event: MessageDeleted) -> int:
        """Forget messages that their platform deleted; return how many were known."""
        found = [await self._passage(event.conversation, message_id) for message_id in event.message_ids]
        ids = tuple(passage.id for passage in found if passage is not None)
        if ids:
            await self._memory.forget(Scope.all(), Selection(passage_ids=ids))
        return len(ids)

    async def feedback(self, event: Feedback) -> bool:
        """Store a judgement beside the reply it is about; False when the bot has not said that."""
        passage = await self._passage(event.conversation, event.message_id)
        if passage is None or passage.author_id is not None:
            return False
        person = await self._memory.person(event.sender.platform, event.sender.id, event.sender.name)
        entry = Entry(
            text=f"feedback {event.value:+d}",
            said_at=event.given_at,
            author=event.sender.name,
            author_id=person.id,
            kind="command",
            event_id=f"{event.message_id}/feedback/{event.sender.id}",
            reply_to=event.message_id,
            drawn_from=(passage.id,),
        )
        (stored,) = await self._memory.add(passage.conversation, [entry])
        if not stored.new and entry.event_id is not None:
            await self._memory.edit(passage.conversation, entry.event_id, entry.text)
        return True

    async def _known(self, sender: Person, place: Conversation) -> tuple[records.Person, records.Conversation]:
        person = await self._memory.person(sender.platform, sender.id, sender.name)
        conversation = await self._memory.conversation(
            place.platform,
            place.key,
            title=titled(place, sender),
            kind=place.kind,
            owner_id=person.id if place.kind == "direct" else None,
        )
        return person, conversation

    async def _received(
        self, message: Message, passage_id: int, person: records.Person, conversation: records.Conversation
    ) -> Received:
        parent = message.conversation.parent
        group = None
        if parent is not None and parent.kind == "group":
            group = await self._memory.conversation(parent.platform, parent.key, title=parent.title, kind="group")
        accounts = await self._access.accounts(person)
        return Received(
            message=message,
            passage_id=passage_id,
            person=person,
            conversation=conversation,
            scope=scope_of(conversation, accounts, group),
            is_owner=await self._access.is_owner(message.sender),
        )

    async def _passage(self, place: Conversation, event_id: str) -> Passage | None:
        """Find a message by its platform's id: what a platform says about its own messages needs no other scope."""
        found = await self._memory.passages(
            Scope.all(), Selection(event_prefix=event_id), limit=_SAME_PREFIX, newest_first=False
        )
        for passage in found:
            home = passage.conversation
            if passage.event_id == event_id and home.platform == place.platform and _is_in(home.external_id, place):
                return passage
        return None


def _is_in(external_id: str, place: Conversation) -> bool:
    """Say whether a conversation is this one, or a thread of it: not every event tells its thread."""
    return external_id == place.key or (place.thread is None and external_id.startswith(f"{place.id}/"))


def stored_text(message: Message) -> str:
    """Return what is remembered of a message: its text, and the names of the files that came with it."""
    names = "\n".join(f"({attachment.name})" for attachment in message.attachments)
    return "\n".join(part for part in (message.text, names) if part)
