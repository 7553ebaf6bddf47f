"""From Telegram's updates to the core's events; nothing here touches the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Literal

from telegram import (
    CallbackQuery,
    Chat,
    Message,
    MessageEntity,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    MessageReactionUpdated,
    Poll,
    ReactionType,
    ReactionTypeEmoji,
    Update,
    User,
)

from adapters.telegram.buttons import read_press
from adapters.telegram.files import attachments_of
from adapters.telegram.links import text_with_links
from adapters.telegram.places import PLATFORM, conversation_in, conversation_of, event_id, link_to
from adapters.telegram.special_messages import describe, describe_poll
from bot import events
from bot.adapter import Recent

ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.MESSAGE_REACTION,
    Update.CALLBACK_QUERY,
    Update.POLL,
)
MOST_MET = 10_000
MOST_POLLS = 1000
_MENTIONS: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]


@dataclass(frozen=True, slots=True)
class TelegramIncoming:
    """Understands updates as the bot with this id and username."""

    bot_id: int
    username: str
    _met: Recent[str, User] = field(default_factory=lambda: Recent(MOST_MET))  # by username: a mention tells no more
    _polls: Recent[str, tuple[events.Conversation, str]] = field(default_factory=lambda: Recent(MOST_POLLS))

    def event(self, update: Update) -> events.Event | None:
        """Return what an update means to the core; None when nothing."""
        if said := update.message or update.channel_post:
            return _read_move(said) or self._read_message(said)
        if edited := update.edited_message or update.edited_channel_post:
            return self._read_edit(edited)
        if update.message_reaction is not None:
            return _read_feedback(update.message_reaction)
        if update.callback_query is not None:
            return _read_press(update.callback_query)
        return None if update.poll is None else self._read_result(update.poll)

    def _read_message(self, message: Message) -> events.Message | None:
        sender = _sender(message)
        self._meet(message.from_user)
        text, files = self._text(message), attachments_of(message)
        if sender is None or not (text or files) or message.direct_messages_topic is not None:
            return (
                None  # what people write to a channel stands in one chat, and is private between each and the channel
            )
        if message.poll is not None and message.forward_origin is None:
            place = conversation_of(message), event_id(message.chat.id, message.message_id)
            self._polls.keep(message.poll.id, place)
        quoted = _read_quoted(message, sender)
        return events.Message(
            event_id=event_id(message.chat.id, message.message_id),
            conversation=conversation_of(message),
            sender=sender,
            text=text,
            sent_at=message.date,
            addressed=self._is_addressed(message),
            reply_to=_reply_to(message) or (None if quoted is None else quoted.event_id),
            attachments=files,
            link=link_to(message),
            mentions=self._find_mentions(message),
            forwarded=message.forward_origin is not None or message.via_bot is not None,
            replied=self._read_replied(message) or quoted,
            album=message.media_group_id,
            language=message.from_user.language_code if message.from_user else None,
        )

    def _read_replied(self, message: Message) -> events.Message | None:
        """Return what is answered, as somebody has said it among all; in privacy mode the bot has not heard it."""
        replied = message.reply_to_message
        if replied is None or _reply_to(message) is None or message.chat.type == Chat.PRIVATE:
            return None
        found = self._read_message(replied)
        return None if found is None else replace(found, addressed=False)

    def _read_edit(self, message: Message) -> events.MessageEdited | None:
        said = self._read_message(message)
        return (
            None if said is None else events.MessageEdited(said.conversation, said.event_id, said.text_with_file_names)
        )

    def _read_result(self, poll: Poll) -> events.MessageEdited | None:
        """Return the result of a poll as the new text of its message; Telegram names the poll alone, not the chat."""
        asked = self._polls.get(poll.id)
        if asked is None or not poll.is_closed:
            return None
        return events.MessageEdited(*asked, describe_poll(poll))

    def _text(self, message: Message) -> str:
        """Return what was said, without the call to the bot at its start; a forwarded text names its author."""
        said = text_with_links(message).strip() or describe(message)
        origin = _describe_origin(message)
        if origin:
            return f"({origin})\n{said}" if said else ""
        name = f"@{self.username}"
        if said.casefold().startswith(name.casefold()) and not said[len(name) :][:1].isalnum():
            return said[len(name) :].lstrip(" ,:;–-\n") or said
        return said

    def _is_addressed(self, message: Message) -> bool:
        if message.chat.type == Chat.PRIVATE:
            return True
        named = _command_for(message.text or message.caption or "")
        if named is not None:
            return named == self.username.casefold()
        return self._is_mentioned(message) or self._is_replied_to(message)

    def _is_mentioned(self, message: Message) -> bool:
        return any(
            entity.user.id == self.bot_id if entity.user else text.casefold() == f"@{self.username}".casefold()
            for entity, text in _mentions_in(message).items()
        )

    def _find_mentions(self, message: Message) -> tuple[events.Mention, ...]:
        """Return who is mentioned, as far as Telegram tells, or they have written since the bot was started."""
        found = [
            (text, entity.user or self._met.get(text.removeprefix("@").casefold()))
            for entity, text in _mentions_in(message).items()
        ]
        return tuple(events.Mention(text, _person(user)) for text, user in found if user and user.id != self.bot_id)

    def _meet(self, user: User | None) -> None:
        if user is not None and user.username:
            self._met.keep(user.username.casefold(), user)

    def _is_replied_to(self, message: Message) -> bool:
        replied = message.reply_to_message
        return (
            replied is not None
            and _reply_to(message) is not None
            and replied.from_user is not None
            and replied.from_user.id == self.bot_id
        )


def _read_quoted(message: Message, sender: events.Person) -> events.Message | None:
    """Return what is answered from another chat, as far as it is quoted: the sender shares it here."""
    other, quote = message.external_reply, message.quote
    if other is None or quote is None or message.chat.type == Chat.PRIVATE:
        return None
    return events.Message(
        event_id=f"{event_id(message.chat.id, message.message_id)}q",
        conversation=conversation_of(message),
        sender=sender,
        text=f"({_describe(other.origin)})\n{quote.text}",
        sent_at=message.date,
        forwarded=True,
    )


def _read_move(message: Message) -> events.ConversationMoved | None:
    """Return that a group became a supergroup, as it is told in both; its messages get new numbers."""
    old, new = message.migrate_from_chat_id, message.migrate_to_chat_id
    if old is None and new is None:
        return None
    place = replace(conversation_in(message.chat), id=str(message.chat.id if old is None else old))
    return events.ConversationMoved(place, str(message.chat.id if new is None else new))


def _mentions_in(message: Message) -> dict[MessageEntity, str]:
    return message.parse_entities(_MENTIONS) | message.parse_caption_entities(_MENTIONS)


def _command_for(text: str) -> str | None:
    """Return the bot that a command names, as in "/ask@other_bot"; None when it names none."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    name, at, bot = first.partition("@")
    return bot.casefold() if at and name.startswith("/") else None


def _sender(message: Message) -> events.Person | None:
    """Return who said it: an anonymous admin and a channel speak as their chat. Other bots are not listened to."""
    if message.sender_chat is not None:
        chat = message.sender_chat
        return events.Person(PLATFORM, str(chat.id), chat.title or chat.username or str(chat.id))
    if message.from_user is None or message.from_user.is_bot:
        return None
    return _person(message.from_user)


def _person(user: User) -> events.Person:
    return events.Person(PLATFORM, str(user.id), user.full_name.strip() or user.username or str(user.id))


def _reply_to(message: Message) -> str | None:
    """Return what is answered. In a topic every message "replies" to the one that opened it, which means nothing."""
    replied = message.reply_to_message
    if replied is None or (message.is_topic_message and replied.message_id == message.message_thread_id):
        return None
    return event_id(message.chat.id, replied.message_id)


def _describe_origin(message: Message) -> str:
    """Return who said a forwarded message first, and when; "" when it was not forwarded."""
    return "" if message.forward_origin is None else _describe(message.forward_origin)


def _describe(origin: MessageOrigin) -> str:
    match origin:
        case MessageOriginUser():
            author = origin.sender_user.full_name
        case MessageOriginHiddenUser():
            author = origin.sender_user_name
        case MessageOriginChat():
            author = origin.sender_chat.title or "a group"
        case MessageOriginChannel():
            author = origin.chat.title or "a channel"
        case _:
            author = "somebody"
    said_at = origin.date.astimezone(UTC)
    return f"forwarded: {author}, {said_at.day} {said_at:%B %Y %H:%M} UTC"


def _read_feedback(reaction: MessageReactionUpdated) -> events.Feedback | None:
    """Return a judgement. Reactions other than thumbs, and those of anonymous people, are not judgements."""
    user, before, after = reaction.user, _thumb(reaction.old_reaction), _thumb(reaction.new_reaction)
    if user is None or before == after:
        return None
    return events.Feedback(
        conversation=conversation_in(reaction.chat),
        sender=_person(user),
        message_id=event_id(reaction.chat.id, reaction.message_id),
        value=after,
        given_at=reaction.date,
    )


def _read_press(query: CallbackQuery) -> events.Choice | None:
    """Return what a button stands for; None for buttons that are not ours, and those of inline messages."""
    found = read_press(query)
    if found is None or query.message is None:
        return None
    place = query.message
    conversation = conversation_of(place) if isinstance(place, Message) else conversation_in(place.chat)
    return events.Choice(conversation, _person(query.from_user), *found)


def _thumb(reactions: Sequence[ReactionType]) -> Literal[-1, 0, 1]:
    emoji = {reaction.emoji for reaction in reactions if isinstance(reaction, ReactionTypeEmoji)}
    return 1 if "👍" in emoji else -1 if "👎" in emoji else 0
