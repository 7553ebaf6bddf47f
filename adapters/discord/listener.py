"""From the gateway's events to deliveries: in order for each channel, tried again, and caught up after a gap."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Literal

import aiohttp
import discord

from adapters.discord.buttons import take_press
from adapters.discord.client import BotClient
from adapters.discord.failures import explain
from adapters.discord.inbox import ChannelQueues, Job
from adapters.discord.incoming import is_talk, judgement_of, message_of
from adapters.discord.invocations import OpenInteractions
from adapters.discord.missed_messages import CHANNELS_TO_CATCH_UP, channels_with_news
from adapters.discord.places import PLATFORM, conversation_of, event_id, look_up_channel, person
from adapters.discord.reply_targets import InteractionTarget
from adapters.discord.slash import message_of as message_of_command
from bot.adapter import Away, Deliver, Delivery, Recent, StorageError, describe_problem
from bot.errors import AdapterError, CommandError
from bot.events import (
    Conversation,
    ConversationDeleted,
    Feedback,
    Message,
    MessageDeleted,
    MessageEdited,
    UnreadableUpdate,
)
from bot.plugin import Command

logger = logging.getLogger(__name__)

TRIES = 5
MESSAGES_TO_CATCH_UP = 1000
_NOT_ITS_FAULT = (discord.DiscordException, AdapterError, StorageError, aiohttp.ClientError, OSError)
"""What fails because Discord can't be asked or the memory not written just now, whatever the event."""


class GatewayListener:
    """Delivers what the gateway tells.

    Discord never sends an event twice on its own, so one that could not be taken in is tried again here. When a
    session can't be resumed, the channels that were heard of last are asked for what came in between; and at the start
    all channels for what came while the bot was `away`, before anything new is taken.
    """

    def __init__(
        self,
        client: BotClient,
        inbox: ChannelQueues,
        deliver: Deliver,
        invocations: OpenInteractions,
        commands: Mapping[str, Command],
        *,
        away: Away | None = None,
        mark_established: Callable[[], None],
        retry_seconds: float,
    ) -> None:
        self._client = client
        self._inbox = inbox
        self._deliver = deliver
        self._invocations = invocations
        self._commands = commands
        self._mark_established = mark_established
        self._retry_seconds = retry_seconds
        self._away = away
        self._held: list[tuple[int, Job]] = []
        self._heard: Recent[int, tuple[Conversation, int]] = Recent(CHANNELS_TO_CATCH_UP)

    # what the client calls, in the order of the events

    def on_session(self, *, resumed: bool) -> None:
        """Take note of the connection, and catch up where a new session has left a gap."""
        self._mark_established()
        if not resumed:
            for channel, (place, last) in self._heard.items():
                self._put(channel, partial(self._catch_up, channel, place, last))

    def on_servers_known(self) -> None:
        """Catch up with what was said while the bot was away, in the chats that have news."""
        away, self._away = self._away, None
        if away is None:
            return
        after = discord.utils.time_snowflake(away.since, high=True)
        for channel, place in channels_with_news(self._client.guilds, away, after):
            self._put(channel, partial(self._catch_up, channel, place, after))
        for channel, job in self._held:
            self._put(channel, job)
        self._held.clear()

    def on_message(self, message: discord.Message) -> None:
        """Take a new message."""
        if is_talk(message):
            self._put(message.channel.id, partial(self._take_message, message))

    def on_edit(self, message: discord.Message) -> None:
        """Take a message in its new wording; Discord also tells of links that now show a picture."""
        if is_talk(message) and message.edited_at is not None:
            self._put(message.channel.id, partial(self._deliver_edit, message))

    def on_delete(self, channel: int, guild: int | None, messages: Iterable[int]) -> None:
        """Take note that messages are gone."""
        ids = tuple(event_id(channel, message) for message in messages)
        self._put(channel, partial(self._deliver_deletion, channel, guild, ids))

    def on_channel_delete(self, channel: int, place: Conversation) -> None:
        """Take note that a channel or a thread was deleted."""
        self._put(channel, partial(self._deliver_channel_deletion, place))

    def on_reaction(self, reaction: discord.RawReactionActionEvent) -> None:
        """Take a thumb that was given or taken back."""
        if reaction.emoji.id is None and judgement_of(reaction.emoji.name or "") and reaction.user_id != self._me.id:
            self._put(reaction.channel_id, partial(self._deliver_reaction, reaction))

    def on_command(self, interaction: discord.Interaction) -> None:
        """Take a slash command; it waits its turn in its channel, its acknowledgement does not."""
        try:
            message = message_of_command(interaction, self._commands)
        except CommandError as error:
            self._inbox.put(interaction.id, partial(InteractionTarget(interaction).refuse, str(error)))
            return
        name = message.text.removeprefix("/").partition(" ")[0]
        alone = message.conversation.kind == "group" and name in self._commands and self._commands[name].private
        self._invocations.open(message.event_id, interaction, alone=alone)
        delivery: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()
        self._inbox.put(interaction.channel_id or 0, partial(self._deliver_command, message, delivery))
        self._inbox.put(interaction.id, partial(self._invocations.acknowledge, message.event_id, delivery))

    def on_press(self, interaction: discord.Interaction) -> None:
        """Take the press of a button, which can't wait behind what is said."""
        self._inbox.put(interaction.id, partial(take_press, interaction, self._deliver))

    def _put(self, channel: int, job: Job) -> None:
        if self._away is not None:
            self._held.append((channel, job))
        else:
            self._inbox.put(channel, partial(self._take_or_set_aside, channel, job))

    async def _take_or_set_aside(self, channel: int, job: Job) -> None:
        """Do a job; what can't be handled for a reason of its own is set aside. Raises what Discord or memory raise."""
        try:
            await self._try_repeatedly(job)
        except _NOT_ITS_FAULT:
            raise
        except Exception as error:  # noqa: BLE001 (one event must not stop the others)
            place = Conversation(PLATFORM, str(channel))
            await self._deliver(UnreadableUpdate(place, _describe_job(job), describe_problem(error)))

    async def _try_repeatedly(self, job: Job) -> None:
        """Do a job, and again where Discord or the memory fails: what was stored before ends as known.

        Raises what the last try raises; what is the event's own fault fails twice the same.
        """
        for doublings in range(TRIES - 1):
            try:
                await job()
            except Exception as error:
                if doublings and not isinstance(error, _NOT_ITS_FAULT):
                    raise
                logger.warning("An event of Discord could not be taken in; it is tried again", exc_info=True)
                await asyncio.sleep(self._retry_seconds * 2**doublings)
            else:
                return
        await job()

    # the jobs

    async def _take_message(self, message: discord.Message) -> None:
        guild = message.guild.id if message.guild else None
        channel = message.channel
        if isinstance(channel, discord.PartialMessageable) and guild is not None:
            place = conversation_of(await look_up_channel(self._client, channel.id, guild))
        else:
            place = conversation_of(channel)
        await self._deliver_message(place, message)

    async def _deliver_message(self, place: Conversation, message: discord.Message) -> None:
        event = message_of(message, self._me, place)
        if event.text or event.attachments:  # without the content intent most messages look empty
            await self._deliver(event)
        self._heard.keep(message.channel.id, (place, message.id))

    async def _deliver_edit(self, message: discord.Message) -> None:
        event = message_of(message, self._me)
        if event.text or event.attachments:
            await self._deliver(MessageEdited(event.conversation, event.event_id, event.text_with_file_names))

    async def _deliver_deletion(self, channel: int, guild: int | None, ids: tuple[str, ...]) -> None:
        place = conversation_of(await look_up_channel(self._client, channel, guild))
        await self._deliver(MessageDeleted(place, ids))

    async def _deliver_channel_deletion(self, place: Conversation) -> None:
        await self._deliver(ConversationDeleted(place))

    async def _deliver_reaction(self, reaction: discord.RawReactionActionEvent) -> None:
        given = reaction.event_type == "REACTION_ADD"
        value = judgement_of(reaction.emoji.name or "") if given else await self._find_remaining_judgement(reaction)
        user = reaction.member or self._client.get_user(reaction.user_id)
        user = user or await self._client.fetch_user(reaction.user_id)
        if user.bot:
            return
        place = conversation_of(await look_up_channel(self._client, reaction.channel_id, reaction.guild_id))
        about = event_id(reaction.channel_id, reaction.message_id)
        await self._deliver(Feedback(place, person(user), about, value or 0, datetime.now(UTC)))

    async def _find_remaining_judgement(self, taken_back: discord.RawReactionActionEvent) -> Literal[1, -1] | None:
        """Return the judgement that stands after one was taken back: people often give the other one first."""
        channel = self._client.get_partial_messageable(taken_back.channel_id)
        try:
            message = await channel.fetch_message(taken_back.message_id)
        except (discord.Forbidden, discord.NotFound):
            return None
        for reaction in message.reactions:
            value = judgement_of(reaction.emoji) if isinstance(reaction.emoji, str) else None
            if value and taken_back.user_id in [user.id async for user in reaction.users()]:
                return value
        return None

    async def _deliver_command(self, message: Message, delivery: asyncio.Future[Delivery]) -> None:
        try:
            delivery.set_result(await self._deliver(message))
        except Exception as error:  # noqa: BLE001 (raised again where the user is told)
            delivery.set_exception(error)

    async def _catch_up(self, channel: int, place: Conversation, last: int) -> None:
        """Deliver what was said in a channel since a message; what came through the gateway as well ends as known."""
        history = self._client.get_partial_messageable(channel).history(
            after=discord.Object(last), oldest_first=True, limit=MESSAGES_TO_CATCH_UP
        )
        try:
            async for message in history:
                if is_talk(message):
                    await self._deliver_message(place, message)
        except (discord.Forbidden, discord.NotFound) as error:
            logger.warning("What was said on Discord in %s meanwhile can't be read: %s", place.title, explain(error))

    @property
    def _me(self) -> discord.ClientUser:
        if self._client.user is None:
            raise discord.ClientException("the gateway told of an event before the login")
        return self._client.user


def _describe_job(job: Job) -> str:
    """Return what an event told, as far as the library's objects show it."""
    arguments = job.args if isinstance(job, partial) else ()
    shown = [
        {"id": each.id, "channel": each.channel.id, "author": each.author.id, "content": each.content}
        if isinstance(each, discord.Message)
        else repr(each)
        for each in arguments
    ]
    return json.dumps(shown)


def set_aside(inbox: ChannelQueues, deliver: Deliver, text: str, error: Exception) -> None:
    """Have an event kept that the library can't read."""
    update = UnreadableUpdate(Conversation(PLATFORM, ""), text, describe_problem(error))
    inbox.put(0, partial(deliver, update))
