"""Where things stand on Discord: channels, threads and messages, and the ids that the core knows them by."""

from __future__ import annotations

import discord
from discord.abc import GuildChannel, PrivateChannel

from bot.events import Conversation, Person

PLATFORM = "discord"

Channel = GuildChannel | PrivateChannel | discord.Thread | discord.PartialMessageable


def event_id(channel: int, message: int) -> str:
    """Return the id of a message: the same however often, and through whichever event, Discord tells of it."""
    return f"{channel}:{message}"


def ids_of(event: str) -> tuple[int, int]:
    """Return the channel and the message of an event id."""
    channel, _, message = event.partition(":")
    return int(channel), int(message)


def channel_of(conversation: Conversation) -> int:
    """Return the channel to write to; a thread is one of its own."""
    return int(conversation.thread or conversation.id)


def person(user: discord.abc.User) -> Person:
    """Return who this is, by the name that the conversation knows them by."""
    return Person(PLATFORM, str(user.id), user.display_name)


def conversation_of(channel: Channel) -> Conversation:
    """Return the conversation that a channel is; a thread or forum post is one within its channel."""
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        title = _title(channel.guild, parent.name if parent is not None else channel.name)
        return Conversation(
            PLATFORM,
            str(channel.parent_id),
            title,
            "group",
            thread=str(channel.id),
            workspace=str(channel.guild.id),
            private=channel.is_private(),
        )
    if isinstance(channel, GuildChannel):
        title = _title(channel.guild, channel.name)
        return Conversation(PLATFORM, str(channel.id), title, "group", workspace=str(channel.guild.id))
    if isinstance(channel, discord.PartialMessageable) and channel.guild_id is not None:
        return Conversation(PLATFORM, str(channel.id), "", "group", workspace=str(channel.guild_id))
    return Conversation(PLATFORM, str(channel.id))


def thread_in(parent: int, thread: int) -> Conversation:
    """Return a thread of which no more is known than its number and its channel's."""
    return Conversation(PLATFORM, str(parent), "", "group", str(thread))


def link_to(guild: int | None, channel: int, message: int) -> str:
    """Return the message's address (https://discord.com/developers/docs/reference#message-formatting)."""
    return f"https://discord.com/channels/{guild or '@me'}/{channel}/{message}"


def _title(guild: discord.Guild, channel: str) -> str:
    return f"{guild.name} #{channel}"


async def look_up_channel(client: discord.Client, channel: int, guild: int | None) -> Channel:
    """Return a channel with what is known of it, asking Discord for one that the gateway has not told of."""
    found = client.get_channel(channel)
    if found is not None:
        return found
    if guild is None:
        return client.get_partial_messageable(channel)  # a direct chat; asking would tell nothing more
    try:
        return await client.fetch_channel(channel)
    except (discord.NotFound, discord.Forbidden):
        return client.get_partial_messageable(channel, guild_id=guild)
