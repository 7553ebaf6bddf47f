"""What else a platform tells: edits, deletions, moves, judgements and presses of a button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.events.messages import Conversation, Message, Person


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """The text of a message was changed on its platform; `message_id` is that message's `event_id`."""

    conversation: Conversation
    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """Messages were deleted on their platform, and so are to be forgotten."""

    conversation: Conversation
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConversationDeleted:
    """A group or a thread was deleted on its platform with all that was said there, and so is to be forgotten."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationMoved:
    """A group goes on under another id, with its threads: it was converted on its platform.

    `message_ids` are the beginnings of its messages' ids before and after, where the messages keep the rest of theirs.
    """

    conversation: Conversation
    new_id: str
    message_ids: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """Somebody judged one of the bot's replies: +1, -1, or 0 to take a judgement back."""

    conversation: Conversation
    sender: Person
    message_id: str
    value: Literal[-1, 0, 1]
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody pressed a button: the option `number`, counted from 0, of the question with the id `question`."""

    conversation: Conversation
    sender: Person
    question: str
    number: int


@dataclass(frozen=True, slots=True)
class UnreadableUpdate:
    """What a platform told and its adapter can't understand: `payload` is the update as it came, `problem` says why.

    It is kept, counted and named to the owner, and acknowledged, so that it keeps no later update away. Where the chat
    is not known, the conversation's id is "".
    """

    conversation: Conversation
    payload: str
    problem: str


Event = (
    Message
    | MessageEdited
    | MessageDeleted
    | ConversationDeleted
    | ConversationMoved
    | Feedback
    | Choice
    | UnreadableUpdate
)
