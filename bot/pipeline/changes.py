"""What platforms tell about messages and conversations that are stored already: edits, deletions, moves, judgements."""

from __future__ import annotations

from bot.access.gate import AccessGate
from bot.access.policy import AccessPolicy
from bot.events import (
    Conversation,
    ConversationDeleted,
    ConversationMoved,
    Feedback,
    MessageDeleted,
    MessageEdited,
    Person,
    Reply,
)
from bot.pipeline.conversation_languages import ConversationLanguages
from bot.pipeline.conversation_moves import move_of
from bot.pipeline.feedback import judge
from bot.pipeline.outbox import Outbox, OutgoingReply
from bot.pipeline.question_grounds import OUTDATED, QuestionGrounds
from bot.translation import gettext, speaking
from memory import Memory, Passage, Receipt, Scope, Selection

Change = MessageEdited | MessageDeleted | ConversationDeleted | ConversationMoved | Feedback


class StoredChanges:
    """Carries out changes of what is stored."""

    def __init__(
        self,
        memory: Memory,
        access: AccessPolicy,
        gate: AccessGate,
        outbox: Outbox,
        languages: ConversationLanguages,
        grounds: QuestionGrounds,
    ) -> None:
        self._memory = memory
        self._access = access
        self._gate = gate
        self._outbox = outbox
        self._languages = languages
        self._grounds = grounds

    async def apply(self, change: Change) -> bool:
        """Carry a change out; False where nothing is known of what it is about."""
        known = await self._apply(change)
        if known:
            await self._grounds.end_ungrounded()
        return known

    async def _apply(self, change: Change) -> bool:
        match change:
            case MessageEdited():
                return await self._edit(change)
            case MessageDeleted():
                return await self._delete(change)
            case ConversationDeleted():
                return await self._delete_conversation(change)
            case ConversationMoved():
                return await self._move(change)
            case Feedback():
                return await self._judge(change)

    async def _edit(self, event: MessageEdited) -> bool:
        """Change a stored message and all that was derived from it.

        Where nothing may be kept any more it is forgotten: the new text can't be stored, the old one no longer holds.
        """
        await self._gate.spoil_codes(event.conversation, event.text)
        passage = await self._find_passage(event.conversation, event.message_id)
        if passage is None:
            return False
        if await self._gate.keeps_change(event.conversation, passage):
            outdated = await self._memory.passages.edit(passage.conversation, event.message_id, event.text)
            if outdated is not None and _loses_something(outdated, passage):
                await self._tell(event, passage)
            return outdated is not None
        await self._memory.forget(Scope.all(), Selection(passage_ids=(passage.id,)))
        return True

    async def _tell(self, event: MessageEdited, passage: Passage) -> None:
        """Tell who has changed a message that what they had asked for in it is not kept any more."""
        with speaking(await self._languages.find_language(event.conversation, passage.conversation.id)):
            reply = Reply(gettext(OUTDATED))
        outgoing = OutgoingReply(event.conversation, reply, passage.event_id, "command")
        await self._outbox.send(outgoing, passage.conversation, None)

    async def _delete(self, event: MessageDeleted) -> bool:
        found = [await self._find_passage(event.conversation, message_id) for message_id in event.message_ids]
        ids = tuple(passage.id for passage in found if passage is not None)
        if ids:
            await self._memory.forget(Scope.all(), Selection(passage_ids=ids))
        return bool(ids)

    async def _delete_conversation(self, event: ConversationDeleted) -> bool:
        receipt = await self._memory.conversations.forget_group(event.conversation.platform, event.conversation.key)
        return receipt.passages > 0

    async def _move(self, event: ConversationMoved) -> bool:
        """Let a group be known by its new id.

        What its members may do by the settings, which name the old id, is decided for the new one.
        """
        anybody = Person(event.conversation.platform, "", "")
        return await self._memory.conversations.move(
            move_of(event, await self._access.role(anybody, event.conversation))
        )

    async def _judge(self, event: Feedback) -> bool:
        """Store a judgement beside the reply it is about, if the bot has said that and anything may be kept."""
        passage = await self._find_passage(event.conversation, event.message_id)
        if passage is None or passage.author_id is not None:
            return False
        if not await self._gate.keeps(event.sender, event.conversation):
            return False
        await judge(self._memory, passage, event.sender, event.value, event.given_at)
        return True

    async def _find_passage(self, place: Conversation, event_id: str) -> Passage | None:
        """Find a message by its platform's id: what a platform says about its own messages needs no other scope."""
        found = await self._memory.passages.find_event(place.platform, event_id)
        return next((passage for passage in found if _is_in(passage.conversation.external_id, place)), None)


def _loses_something(outdated: Receipt, passage: Passage) -> bool:
    """Say whether an edit took along what somebody had asked for: something planned, or a fact they told."""
    return outdated.jobs > 0 or (outdated.facts > 0 and passage.kind == "command")


def _is_in(external_id: str, place: Conversation) -> bool:
    """Say whether a conversation is this one, or a thread of it: not every event tells its thread."""
    return external_id == place.key or (place.thread is None and external_id.startswith(f"{place.id}/"))
