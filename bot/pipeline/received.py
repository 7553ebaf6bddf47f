"""A message on its way through the pipeline, with what the memory knows of its sender and its conversation."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access.policy import Role
from bot.answering.kinds.classify import Classified
from bot.events import Conversation, Message
from memory import Scope, records


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was admitted.

    Without a `passage_id` it is not stored, and neither may be anything that comes of it. `accounts` are all that its
    sender has linked; `scope` is what may be read on their behalf here. `said` is what kind of message it is,
    if that was needed to store it; it is not kept, so a message that waited in the inbox comes without. `others` are
    the passages of the other messages of its album. What another process handles is `elsewhere`.
    """

    message: Message
    passage_id: int | None
    person: records.PersonRecord
    conversation: records.ConversationRecord
    scope: Scope
    role: Role
    accounts: frozenset[int] = frozenset()
    said: Classified | None = None
    others: frozenset[int] = frozenset()
    elsewhere: bool = False

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
        """The ids of its passages, if it has any."""
        return self.others if self.passage_id is None else self.others | {self.passage_id}


def lane_of(conversation: Conversation) -> str:
    """Return the key of a conversation's lane."""
    return f"{conversation.platform}:{conversation.key}"
