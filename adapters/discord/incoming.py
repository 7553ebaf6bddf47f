"""From what Discord tells to the core's events."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from typing import Literal

import discord

from adapters.discord.files import reference_to
from adapters.discord.places import conversation_of, event_id, link_to, person
from adapters.discord.special_messages import describe
from bot.events import Attachment, Conversation, Mention, Message

_TALK = {discord.MessageType.default, discord.MessageType.reply, discord.MessageType.poll_result}
_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_CUSTOM_EMOJI = re.compile(r"<a?:(\w{1,32}):\d{1,20}>")
_JUDGEMENTS: dict[str, Literal[1, -1]] = {"👍": 1, "👎": -1}
UNKNOWN_TYPE = "application/octet-stream"


def is_talk(message: discord.Message) -> bool:
    """Say whether a person wrote this: no bot, no webhook, no notice of the server."""
    return message.type in _TALK and not message.author.bot and message.webhook_id is None


def message_of(message: discord.Message, me: discord.ClientUser, place: Conversation | None = None) -> Message:
    """Return a message as the core knows it."""
    guild = message.guild.id if message.guild else None
    place = place or conversation_of(message.channel)
    return Message(
        event_id=event_id(message.channel.id, message.id),
        conversation=place,
        sender=person(message.author),
        text=text_of(message, me),
        sent_at=message.created_at,
        addressed=_is_addressed(message, me),
        reply_to=_reply_to(message),
        attachments=tuple(attachment_of(message, each) for each in _files(message)),
        link=link_to(guild, message.channel.id, message.id),
        mentions=tuple(Mention(f"@{user.display_name}", person(user)) for user in message.mentions if user.id != me.id),
        forwarded=bool(message.message_snapshots),
        replied=_read_replied_to(message, me, place),
    )


def _read_replied_to(message: discord.Message, me: discord.ClientUser, place: Conversation) -> Message | None:
    """Return the message that is answered, where a person wrote it."""
    resolved = message.reference.resolved if message.reference and _reply_to(message) else None
    if not isinstance(resolved, discord.Message) or not is_talk(resolved):
        return None
    found = message_of(resolved, me, place)
    return replace(found, addressed=False, replied=None) if found.text or found.attachments else None


def text_of(message: discord.Message, me: discord.ClientUser) -> str:
    """Return what was written, with people's, roles' and channels' names in place of their numbers.

    A mention of the bot in front only says whom it is for, and goes. What was forwarded says so, and when it was said;
    Discord does not tell by whom.
    """
    forwarded = map(_quote_forwarded, message.message_snapshots)
    text = "\n".join(part for part in (message.content, describe(message), *forwarded) if part)
    marks = {f"<@{me.id}>", f"<@!{me.id}>"} | {role.mention for role in _own_roles(message, me)}
    fronts = "|".join(re.escape(mark) for mark in sorted(marks))
    text = re.sub(rf"^\s*(?:(?:{fronts})[\s,:]*)+", "", text)
    for mark, name in _names(message, me):
        text = text.replace(mark, name)
    return _CUSTOM_EMOJI.sub(r":\1:", text).strip()


def _quote_forwarded(snapshot: discord.MessageSnapshot) -> str:
    if not snapshot.content:
        return ""
    said_at = snapshot.created_at.astimezone(UTC)
    return f"(forwarded: somebody, {said_at.day} {said_at:%B %Y %H:%M} UTC)\n{snapshot.content}"


def attachment_of(message: discord.Message, file: discord.Attachment) -> Attachment:
    """Return a file as the core knows it."""
    guessed, _ = mimetypes.guess_type(file.filename)
    kind = (file.content_type or guessed or UNKNOWN_TYPE).partition(";")[0].strip()
    return Attachment(file.filename, kind, reference_to(message.channel.id, message.id, file.id), file.size)


def judgement_of(emoji: str) -> Literal[1, -1] | None:
    """Return what a reaction says of an answer: thumbs of every colour count, other emoji do not."""
    return _JUDGEMENTS.get(_SKIN_TONES.sub("", emoji))


def _files(message: discord.Message) -> Sequence[discord.Attachment]:
    return [*message.attachments, *(file for each in message.message_snapshots for file in each.attachments)]


def _is_addressed(message: discord.Message, me: discord.ClientUser) -> bool:
    replied = message.reference.resolved if message.reference else None
    is_reply = isinstance(replied, discord.Message) and replied.author.id == me.id
    return is_reply or any(user.id == me.id for user in message.mentions) or bool(_own_roles(message, me))


def _own_roles(message: discord.Message, me: discord.ClientUser) -> list[discord.Role]:
    """Return the bot's own role where it is mentioned: it bears the bot's name, and people pick it for the bot."""
    return [role for role in message.role_mentions if role.tags is not None and role.tags.bot_id == me.id]


def _reply_to(message: discord.Message) -> str | None:
    reference = message.reference
    if reference is None or reference.message_id is None or message.type is not discord.MessageType.reply:
        return None
    return event_id(reference.channel_id, reference.message_id)


def _names(message: discord.Message, me: discord.ClientUser) -> list[tuple[str, str]]:
    people = [(user.id, user.display_name) for user in (*message.mentions, me)]
    named = [(mark, f"@{name}") for number, name in people for mark in (f"<@{number}>", f"<@!{number}>")]
    named += [(role.mention, f"@{role.name}") for role in message.role_mentions]
    return named + [(channel.mention, f"#{channel.name}") for channel in message.channel_mentions]
