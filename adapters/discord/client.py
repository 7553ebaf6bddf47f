"""The library's client, set up for what the adapter needs of Discord."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import discord
from discord.http import Route

from adapters.discord.places import conversation_of, thread_in
from bot.events import Conversation

logger = logging.getLogger(__name__)

LONGEST_REST = 60.0
"""Seconds that a call may be held back by a rate limit; beyond that the reply waits in the outbox."""

_GATHERING = frozenset({"READY", "GUILD_CREATE"})

CONTENT_SWITCHED_OFF = (
    "the switch “Message Content Intent” is off, so on servers the bot sees and remembers only what mentions it"
)


@contextmanager
def api_at(base_url: str | None) -> Iterator[None]:
    """Let the library call another server than Discord's.

    The library keeps that address on a class, so while this is entered it holds for the whole process.
    """
    before = Route.BASE
    if base_url is not None:
        Route.BASE = base_url
    try:
        yield
    finally:
        Route.BASE = before


class Events(Protocol):
    """What is told of the gateway's events, in their order. Each returns at once."""

    def on_session(self, *, resumed: bool) -> None:
        """Take note that a session was begun or resumed."""

    def on_servers_known(self) -> None:
        """Take note that all servers with their channels are known."""

    def on_message(self, message: discord.Message) -> None:
        """Take a new message."""

    def on_edit(self, message: discord.Message) -> None:
        """Take a message in its new wording."""

    def on_delete(self, channel: int, guild: int | None, messages: Iterable[int]) -> None:
        """Take note that messages are gone."""

    def on_channel_delete(self, channel: int, place: Conversation) -> None:
        """Take note that a channel or a thread was deleted."""

    def on_reaction(self, reaction: discord.RawReactionActionEvent) -> None:
        """Take a reaction that was given or taken back."""

    def on_command(self, interaction: discord.Interaction) -> None:
        """Take a slash command."""

    def on_press(self, interaction: discord.Interaction) -> None:
        """Take the press of a button."""


class BotClient(discord.Client):
    """A client that hands the gateway's events to `events`; it pings nobody, and keeps no messages.

    The library starts its handlers in the order of the events, so those that never wait keep that order.
    """

    def __init__(self, *, message_content: bool) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # of no use to those who don't call
        self._wanted = discord.Intents(guilds=True, messages=True, reactions=True, message_content=message_content)
        self.events: Events | None = None
        super().__init__(
            intents=self._wanted,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_REST,
        )

    async def log_in(self, token: str) -> None:
        """Log in; where message content is switched off in the portal, do without it instead of being turned away.

        Raises what the library raises.
        """
        await self.login(token)
        if self._wanted.message_content and self.application is not None and not has_message_content(self.application):
            logger.warning("Discord: %s; `scrubjay doctor` says how to fix it", CONTENT_SWITCHED_OFF)
            self._wanted.message_content = False

    # the library calls these

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        """Pass an event to its handler, but none that comes after closing: the library has let go of its loop then."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def on_connect(self) -> None:
        """Pass on that a session was begun."""
        if self.events is not None:
            self.events.on_session(resumed=False)

    async def on_resumed(self) -> None:
        """Pass on that a session goes on."""
        if self.events is not None:
            self.events.on_session(resumed=True)

    async def on_socket_event_type(self, kind: str) -> None:
        """Pass on that all servers are known, as soon as they are; the library waits two seconds longer."""
        if kind in _GATHERING and not any(guild.unavailable for guild in self.guilds):
            await self.on_ready()

    async def on_ready(self) -> None:
        """Pass on that all servers are known, but for those that are not there now."""
        if self.events is not None:
            self.events.on_servers_known()

    async def on_message(self, message: discord.Message) -> None:
        """Pass on that a message was sent."""
        if self.events is not None:
            self.events.on_message(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Pass on that a message was changed."""
        if self.events is not None:
            self.events.on_edit(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Pass on that a message was deleted."""
        if self.events is not None:
            self.events.on_delete(payload.channel_id, payload.guild_id, [payload.message_id])

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Pass on that messages were deleted at once."""
        if self.events is not None:
            self.events.on_delete(payload.channel_id, payload.guild_id, sorted(payload.message_ids))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Pass on that a channel was deleted."""
        if self.events is not None:
            self.events.on_channel_delete(channel.id, conversation_of(channel))

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Pass on that a thread was deleted."""
        if self.events is not None:
            self.events.on_channel_delete(payload.thread_id, thread_in(payload.parent_id, payload.thread_id))

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Pass on that a reaction was given."""
        if self.events is not None:
            self.events.on_reaction(payload)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Pass on that a reaction was taken back."""
        if self.events is not None:
            self.events.on_reaction(payload)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Pass on that a slash command was used, or a button pressed."""
        if self.events is not None and interaction.type is discord.InteractionType.application_command:
            self.events.on_command(interaction)
        elif self.events is not None and interaction.type is discord.InteractionType.component:
            self.events.on_press(interaction)


def has_message_content(application: discord.AppInfo) -> bool:
    """Say whether the bot may read what does not mention it."""
    return application.flags.gateway_message_content or application.flags.gateway_message_content_limited
