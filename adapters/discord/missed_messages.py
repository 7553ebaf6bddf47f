"""Where something was said on Discord while the bot was away."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from adapters.discord.places import PLATFORM, conversation_of
from bot.adapter import Away
from bot.events import Conversation

CHANNELS_TO_CATCH_UP = 100


def channels_with_news(guilds: Iterable[discord.Guild], away: Away, after: int) -> list[tuple[int, Conversation]]:
    """Return the channels, threads and direct chats that may hold messages with a higher number than `after`.

    Of its servers' channels Discord tells their last message. It tells a bot of no direct chats, so those come from
    what is remembered; one that is new is heard of when somebody writes there again.
    """
    last = {
        channel: channel.last_message_id or 0
        for guild in guilds
        for channel in (*guild.channels, *guild.threads)
        if isinstance(channel, discord.abc.Messageable)
    }
    latest = sorted((channel for channel in last if last[channel] > after), key=last.__getitem__, reverse=True)
    direct = [int(place.id) for place in away.places if place.kind == "direct" and place.id.isdecimal()]
    found = [(channel.id, conversation_of(channel)) for channel in latest]
    found += [(channel, Conversation(PLATFORM, str(channel))) for channel in direct]
    return found[:CHANNELS_TO_CATCH_UP]
