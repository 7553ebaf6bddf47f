"""Users, chats and messages as Telegram keeps them, and the JSON it makes of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.emulators.telegram_text import Entity

Json = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup"]


@dataclass(frozen=True)
class Account:
    """A user or a bot."""

    id: int
    first_name: str
    username: str | None = None
    is_bot: bool = False

    def json(self) -> Json:
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        return user if self.username is None else {**user, "username": self.username}


@dataclass
class Posted:
    """A message in a chat. `versions` are all texts it had; `file` is what came with it, as the API shows it."""

    id: int
    chat: Room = field(repr=False)  # the room names its messages, too
    sender: Account
    text: str
    entities: list[Entity] = field(default_factory=list)
    topic: int | None = None
    reply_to: Posted | None = None
    file: Json = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    date: int = field(default_factory=lambda: int(time.time()))
    edited: int | None = None
    deleted: bool = False
    versions: list[str] = field(default_factory=list)
    reactions: dict[int, str] = field(default_factory=dict)
    keyboard: list[list[Json]] = field(default_factory=list)

    def json(self, *, with_reply: bool = True) -> Json:
        message: Json = {
            "message_id": self.id,
            "date": self.date,
            "chat": self.chat.json(),
            "from": self.sender.json(),
            **self.file,
            **self.extra,
        }
        if self.text:
            message["caption" if self.file else "text"] = self.text
        if self.entities:
            message["caption_entities" if self.file else "entities"] = self.entities
        if self.edited is not None:
            message["edit_date"] = self.edited
        if self.keyboard:
            message["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.topic is not None:
            message |= {"message_thread_id": self.topic, "is_topic_message": True}
        if self.reply_to is not None and with_reply:
            message["reply_to_message"] = self.reply_to.json(with_reply=False)
        return message


@dataclass
class Room:
    """A chat: `messages` by number, `drafts` as (number, text) in the order in which they were shown."""

    id: int
    kind: ChatKind
    title: str = ""
    username: str | None = None
    is_forum: bool = False
    members: list[Account] = field(default_factory=list)
    messages: dict[int, Posted] = field(default_factory=dict)
    drafts: list[tuple[int, str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    topics: dict[str, int] = field(default_factory=dict)
    moved_to: int | None = None
    shuts_out_bot: bool = False
    refuses_voice: bool = False
    """Whether its person lets nobody send them voice notes."""

    def json(self) -> Json:
        chat: Json = {"id": self.id, "type": self.kind}
        if self.kind == "private":
            return {**chat, "first_name": self.members[0].first_name}
        chat["title"] = self.title
        if self.is_forum:
            chat["is_forum"] = True
        return chat if self.username is None else {**chat, "username": self.username}

    @property
    def from_bot(self) -> list[Posted]:
        """What the bot has said here and is still to be seen, in order."""
        return [each for each in self.messages.values() if each.sender.is_bot and not each.deleted]

    @property
    def texts(self) -> list[str]:
        """The texts of that."""
        return [each.text for each in self.from_bot]
