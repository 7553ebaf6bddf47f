"""Discord as the core sees it: joins receiving, sending and growing replies."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Literal, Self

import aiohttp

from adapters.backoff import Backoff
from adapters.discord import checks, files, slash
from adapters.discord.client import BotClient, api_at
from adapters.discord.failures import TOKEN_REFUSED, UNREACHABLE, explain, is_for_good, is_refusal
from adapters.discord.gateway import Gateway
from adapters.discord.inbox import ChannelQueues
from adapters.discord.invocations import OpenInteractions
from adapters.discord.layout import TEXT_LIMIT
from adapters.discord.listener import GatewayListener, set_aside
from adapters.discord.places import PLATFORM, channel_of, ids_of
from adapters.discord.replies import GrowingReply, send
from adapters.discord.reply_targets import ChannelTarget, ReplyTarget
from adapters.discord.settings import DiscordSettings
from adapters.typing_signs import TypingSigns
from bot.adapter import Away, Deliver, Finding, Limits, ReplyStream, Trouble
from bot.errors import AdapterError
from bot.events import Attachment, Conversation, Message, Reply
from bot.plugin import Command

logger = logging.getLogger(__name__)

SEEN = "👀"
TYPING_SECONDS = 8.0
"""Discord shows for ten that the bot is writing."""


class DiscordAdapter:
    """A bot on Discord, through its gateway."""

    name = PLATFORM
    Settings = DiscordSettings
    polls = True

    def __init__(self, settings: DiscordSettings) -> None:
        self.limits = Limits(
            TEXT_LIMIT, settings.edit_seconds_direct, settings.edit_seconds_group, streaming=settings.streaming
        )
        self._settings = settings
        self._backoff = Backoff("Discord", settings.retry_seconds, settings.retry_seconds_most)
        self._commands: dict[str, Command] = {}
        self._away: Away | None = None
        self._client: BotClient | None = None
        self._files: aiohttp.ClientSession | None = None
        self._invocations = OpenInteractions()
        self._signs = TypingSigns(TYPING_SECONDS)
        self._stack = AsyncExitStack()

    def offer(self, commands: Sequence[Command]) -> None:
        """Keep the commands for Discord's list of slash commands."""
        self._commands.clear()  # what comes in looks commands up in the same dictionary
        self._commands.update({command.name: command for command in commands})

    async def refresh(self) -> None:
        """List the slash commands. Raises AdapterError when Discord does not take them."""
        client = self._require_client()
        if client.application_id is None:
            raise AdapterError("Discord has not said yet which application the bot is")
        listed = slash.list_commands(list(self._commands.values()))
        try:
            await client.http.bulk_upsert_global_commands(client.application_id, listed)
        except UNREACHABLE as error:
            raise AdapterError(f"Discord answers to the list of slash commands: {explain(error)}") from None

    def was_away(self, away: Away) -> None:
        """Keep what may have been missed, for when Discord is connected."""
        self._away = away

    async def check(self) -> list[Finding]:
        """Look at token, intents, servers and permissions."""
        return await checks.check(self._settings)

    async def __aenter__(self) -> Self:
        """Log in; when Discord is out of reach `run` goes on trying. Raises AdapterError for a wrong token."""
        async with AsyncExitStack() as stack:
            stack.enter_context(api_at(self._settings.base_url))
            stack.push_async_callback(self._log_out)
            self._files = await stack.enter_async_context(aiohttp.ClientSession())
            await stack.enter_async_context(self._signs)
            try:
                await self._log_in()
            except UNREACHABLE as error:
                logger.warning("Discord is out of reach: %s", explain(error))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Disconnect."""
        await self._stack.aclose()

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing can be received, and since when."""
        return self._backoff.trouble

    async def run(self, deliver: Deliver) -> None:
        """Deliver what arrives, until cancelled. Raises AdapterError when token or intents are refused."""
        backoff = self._backoff
        backoff.name_bot(self.name)
        client, url = await self._prepare(backoff)
        async with ChannelQueues() as inbox:
            gateway = Gateway(
                client,
                url,
                backoff,
                room=inbox.room,
                set_aside=partial(set_aside, inbox, deliver),
                identify_seconds=self._settings.retry_seconds,
            )
            client.events = GatewayListener(
                client,
                inbox,
                deliver,
                self._invocations,
                self._commands,
                away=self._away,
                mark_established=gateway.mark_established,
                retry_seconds=self._settings.retry_seconds,
            )
            await gateway.receive()

    async def begin(self, message: Message) -> ReplyStream:
        """Start a reply, with the sign that the bot is writing; a slash command shows one by itself."""
        client = self._require_client()
        command = await self._invocations.target(message.event_id)
        if command is not None:
            return GrowingReply(command, message.event_id, None)
        channel = channel_of(message.conversation)
        sign = self._signs.show(channel, client.get_partial_messageable(channel).typing)
        return GrowingReply(self._channel(message.conversation, message.event_id), message.event_id, sign)

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        """Send a whole reply; in channels as an answer to the message `reply_to`."""
        target: ReplyTarget | None = None if reply_to is None else await self._invocations.target(reply_to)
        return await send(target or self._channel(conversation, reply_to), reply, reply_to)

    async def send_privately(self, message: Message, reply: Reply) -> Literal["here", "direct"] | None:
        """Answer a slash command to its user alone, and a typed one in a direct chat; None where they take none."""
        command = await self._invocations.target(message.event_id)
        if command is not None:
            await send(command, reply, message.event_id)
            return "here"
        client = self._require_client()
        try:
            channel = await client.http.start_private_message(int(message.sender.id))
        except UNREACHABLE as error:
            if is_for_good(error):
                return None
            raise AdapterError(f"Discord opens no direct chat: {explain(error)}") from error
        return "direct" if await send(ChannelTarget(client, int(channel["id"]), None), reply, None) else None

    async def acknowledge(self, message: Message) -> None:
        """React to a message with eyes; a slash command shows by itself that the bot is at work."""
        await self._react(message, shown=True)

    async def end_acknowledgement(self, message: Message) -> None:
        """Take the reaction back."""
        await self._react(message, shown=False)

    async def _react(self, message: Message, *, shown: bool) -> None:
        client = self._require_client()
        if client.user is None or await self._invocations.target(message.event_id) is not None:
            return
        channel, number = ids_of(message.event_id)
        found = client.get_partial_messageable(channel).get_partial_message(number)
        try:
            await (found.add_reaction(SEEN) if shown else found.remove_reaction(SEEN, client.user))
        except UNREACHABLE as error:
            raise AdapterError(f"Discord does not take the reaction: {explain(error)}") from error

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment."""
        if self._files is None:
            raise AdapterError("Discord is not connected")
        async for piece in files.fetch(self._require_client(), self._files, attachment):
            yield piece

    def _channel(self, conversation: Conversation, reply_to: str | None) -> ChannelTarget:
        answered = None if reply_to is None or conversation.kind == "direct" else ids_of(reply_to)[1]
        return ChannelTarget(self._require_client(), channel_of(conversation), answered)

    def _require_client(self) -> BotClient:
        if self._client is None:
            raise AdapterError("Discord is out of reach since the start; it is tried again")
        return self._client

    async def _prepare(self, backoff: Backoff) -> tuple[BotClient, str | None]:
        """Log in, and learn where the gateway is."""
        while True:
            try:
                client = self._client or await self._log_in()
                url = self._settings.gateway_url
                if url is None and self._settings.base_url is not None:
                    _, url, _ = await client.http.get_bot_gateway()
            except UNREACHABLE as error:
                if is_refusal(error):
                    raise AdapterError(TOKEN_REFUSED) from None
                await backoff.pause(explain(error))
            else:
                backoff.reset()
                return client, url

    async def _log_in(self) -> BotClient:
        """Log in. Raises AdapterError for a wrong token, and what the library raises when out of reach."""
        client = BotClient(message_content=self._settings.message_content)
        try:
            await client.log_in(self._settings.token.get_secret_value())
        except BaseException as error:
            await client.close()
            if is_refusal(error):
                raise AdapterError(TOKEN_REFUSED) from None
            raise
        self._client = client
        return client

    async def _log_out(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None
