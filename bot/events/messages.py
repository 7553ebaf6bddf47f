"""What people say, where, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

ConversationKind = Literal["direct", "group"]


def platform_of(bot: str) -> str:
    """Return the platform of a bot's name: of several on one, the further ones are called "telegram.work"."""
    return bot.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Person:
    """An account on a platform; `id` is the platform's own and never changes, `name` is for people."""

    platform: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where something is said: a direct chat, or a group and perhaps a thread (forum topic) in it.

    `platform` is the name of the bot that hears it: "telegram", or "telegram.work" for one of several there, so that
    what two bots hear stays apart. People have the platform's own name: on each bot they are the same.
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
    it. `album` is the platform's id of what was sent as one and comes as several messages, each with one file.
    `language` is the sender's, as the platform tells it: "de", "pt-BR".
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
    album: str | None = None
    language: str | None = None

    @property
    def text_with_file_names(self) -> str:
        """What is remembered of it: its text, and the names of the files that came with it."""
        return with_file_names(self.text, self.attachments)


def with_file_names(text: str, attachments: Iterable[Attachment]) -> str:
    """Return a text, and a line below it for each file that came with it."""
    names = "\n".join(f"({attachment.name})" for attachment in attachments)
    return "\n".join(part for part in (text, names) if part)
