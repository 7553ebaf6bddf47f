"""What happens on a chat platform, and what goes back: frozen, platform-neutral, and writable as JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, TypeVar

from pydantic import ConfigDict, TypeAdapter

from bot.errors import CommandError

ConversationKind = Literal["direct", "group"]
SourceKind = Literal["message", "system", "document", "fact", "question", "answer", "command"]
T = TypeVar("T")

MOST_FILES = 10
"""In one reply: Discord's limit for a message is the tightest."""
MOST_FILE_BYTES = 8_000_000
"""Of all files of a reply together: every platform takes it, and a reply waits with its files in the database."""
_MOST_TOLD = f"I can send up to {MOST_FILES} files of {MOST_FILE_BYTES // 1_000_000} MB together at once"


@dataclass(frozen=True, slots=True)
class Person:
    """An account on a platform; `id` is the platform's own and never changes, `name` is for people."""

    platform: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where something is said: a direct chat, or a group and perhaps a thread (forum topic) in it.

    `workspace` is the platform's id of what the conversation is part of: a Slack team, a Discord server. `private` is
    a thread that not everybody in its group can read.
    """

    platform: str
    id: str
    title: str = ""
    kind: ConversationKind = "direct"
    thread: str | None = None
    workspace: str | None = None
    private: bool = False

    @property
    def key(self) -> str:
        """What tells it from every other conversation of its platform; threads are apart from their group."""
        return self.id if self.thread is None else f"{self.id}/{self.thread}"

    @property
    def parent(self) -> Conversation | None:
        """The group that this thread is in; None when this is not a thread."""
        return None if self.thread is None else replace(self, thread=None, private=False)

    @property
    def audience(self) -> str | None:
        """The id of the group whose members can all read this; None for direct chats and private threads."""
        return None if self.kind == "direct" or self.private else self.id


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who is called in a message; `text` is how, as it stands in the message's text: "@Mara Silva"."""

    text: str
    person: Person


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message. Its bytes stay on the platform until `Adapter.fetch` is asked for them.

    `reference` is the adapter's own handle (a file id, an address); it must still work after a restart.
    `size` is in bytes, None when the platform does not tell.
    """

    name: str
    media_type: str
    reference: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message somebody sent.

    `event_id` is unique on its platform and the same when the platform delivers the message again; where a
    platform numbers messages per chat, the adapter puts the chat in front ("-100123:42"). `reply_to` is the
    `event_id` of the message this one answers. `sent_at` is the platform's time and carries a zone.
    `addressed` says that the bot is meant: a mention, or a reply to it. Direct chats always mean the bot.
    `mentions` are the other people who are called in the text.
    `forwarded` says that the text holds what somebody else has written, so that it is not the sender's own. `replied`
    is the message that `reply_to` names, where the platform shows it and a person wrote it: the bot may never have seen
    it.
    """

    event_id: str
    conversation: Conversation
    sender: Person
    text: str
    sent_at: datetime
    addressed: bool = False
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()
    link: str | None = None
    forwarded: bool = False
    mentions: tuple[Mention, ...] = ()
    replied: Message | None = None

    @property
    def text_with_file_names(self) -> str:
        """What is remembered of it: its text, and the names of the files that came with it."""
        names = "\n".join(f"({attachment.name})" for attachment in self.attachments)
        return "\n".join(part for part in (self.text, names) if part)


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


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer rests on. `n` is the number in the text, as in "[1]"; `locator` is "p. 4" or "0:42".

    An adapter shows `said_at` in the zone that it carries. `passage_id` is for those that can show the passage itself.
    """

    n: int
    text: str
    author: str
    said_at: datetime
    conversation: str
    platform: str
    kind: SourceKind
    score: float
    link: str | None = None
    locator: str | None = None
    passage_id: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of a question, different from each other; a button carries `id` and the number of its option.

    Where nobody waits for the answer, `says` holds what is said with each option in the name of who presses it.
    """

    id: str
    options: tuple[str, ...]
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file that is sent with a reply. Raises CommandError when it is empty or more than can be sent."""

    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    media_type: str
    data: bytes

    def __post_init__(self) -> None:
        if not self.data:
            raise CommandError(f"{self.name} is empty, so I can't send it.")
        if len(self.data) > MOST_FILE_BYTES:
            raise CommandError(f"{self.name} has {_megabytes(len(self.data))}; {_MOST_TOLD}.")

    @classmethod
    def read(cls, path: Path, media_type: str, *, name: str | None = None) -> Self:
        """Read a file to be sent; nobody else's change of it can then reach the reply. Raises OSError."""
        with path.open("rb") as file:
            return cls(name or path.name, media_type, file.read(MOST_FILE_BYTES + 1))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: Markdown, the sources that its numbers point to, files, and options to choose from.

    Sources and options are data beside the text, so each adapter shows them in its platform's own way. The answer to a
    `secret` question is not stored, and where a line is typed it is not shown. `drawn_from` holds the ids of the
    passages that the text was drawn from: it is forgotten with any of them. `quoted` is the beginning of the
    message that is answered, where more was said since in a direct chat: answers can then be told apart.

    Raises CommandError when the files are more than can be sent at once.
    """

    text: str
    sources: tuple[Source, ...] = ()
    files: tuple[OutFile, ...] = ()
    choices: Choices | None = None
    secret: bool = False
    quoted: str = ""
    drawn_from: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        size = sum(len(file.data) for file in self.files)
        if len(self.files) > MOST_FILES or size > MOST_FILE_BYTES:
            raise CommandError(f"These are {len(self.files)} files of {_megabytes(size)}; {_MOST_TOLD}.")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


@cache
def _codec(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(value: object) -> str:
    """Write an event, a reply or another dataclass of them as JSON."""
    kind: Any = type(value)
    written: bytes = _codec(kind).dump_json(value)
    return written.decode()


def from_json(kind: type[T], text: str) -> T:
    """Read what `to_json` wrote. Raises pydantic.ValidationError (a ValueError) when it is something else."""
    key: Any = kind
    value: T = _codec(key).validate_json(text)
    return value
