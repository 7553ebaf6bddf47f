"""Where things stand on Telegram: chats, topics and messages, and the ids that the core knows them by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from telegram import Chat, Message

from bot.events import Conversation

PLATFORM = "telegram"


@dataclass(frozen=True, slots=True)
class ChatTopic:
    """A chat, and the topic in it."""

    chat: int
    topic: int | None
    direct: bool

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """Return where a conversation takes place."""
        topic = None if conversation.thread is None else int(conversation.thread)
        return cls(int(conversation.id), topic, conversation.kind == "direct")


def event_id(chat: int, message: int) -> str:
    """Return the id of a message: Telegram numbers them per chat. Raises TypeError for what is no number."""
    if not isinstance(message, int) or isinstance(message, bool):
        raise TypeError(f"the number of a message is a {type(message).__name__}")
    return f"{chat}:{message}"


def message_id(event: str) -> int:
    """Return Telegram's number from the id of an event."""
    return int(event.rpartition(":")[2])


def message_in(place: ChatTopic, event: str) -> int | None:
    """Return Telegram's number of a message in this chat; None for one that was said before the chat had this id."""
    return message_id(event) if event.startswith(f"{place.chat}:") else None


def conversation_of(message: Message) -> Conversation:
    """Return the conversation that a message is in; a forum's topics are threads."""
    chat = message.chat
    topic = message.message_thread_id if message.is_topic_message else None
    return _conversation(chat, None if topic is None else str(topic))


def conversation_in(chat: Chat) -> Conversation:
    """Return a chat as a conversation, where its topic is not known."""
    return _conversation(chat, None)


def link_to(message: Message) -> str | None:
    """Return the message's address; only supergroups have any (https://core.telegram.org/api/links#message-links)."""
    chat = message.chat
    if chat.type not in {Chat.SUPERGROUP, Chat.CHANNEL}:
        return None
    base = chat.username or f"c/{str(chat.id).removeprefix('-100')}"
    topic = f"{message.message_thread_id}/" if message.is_topic_message else ""
    return f"https://t.me/{base}/{topic}{message.message_id}"


def _conversation(chat: Chat, thread: str | None) -> Conversation:
    direct = chat.type == Chat.PRIVATE
    return Conversation(
        PLATFORM, str(chat.id), "" if direct else (chat.title or ""), "direct" if direct else "group", thread
    )
