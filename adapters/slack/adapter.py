"""Slack as the core sees it: joins receiving, sending and growing replies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any, Literal, Self

from adapters.backoff import Backoff
from adapters.slack import checks, files
from adapters.slack.agent_view import AgentView
from adapters.slack.api import Api, TokenRefusedError
from adapters.slack.bolt_app import BoltApp
from adapters.slack.buttons import PressHandler
from adapters.slack.directory import Directory
from adapters.slack.incoming import SlackIncoming
from adapters.slack.layout import STREAM_LIMIT
from adapters.slack.missed_messages import catch_up
from adapters.slack.places import PLATFORM, ChannelThread, asker_of
from adapters.slack.receiver import EventReceiver
from adapters.slack.replies import SlackEditedReply, StreamedReply, Streaming
from adapters.slack.seen_reactions import SeenReactions
from adapters.slack.sending import SlackSender
from adapters.slack.settings import SlackSettings
from adapters.slack.slash import CommandReply, ResponseUrls
from adapters.slack.slash_receiver import SlashReceiver
from adapters.slack.socket_mode import SocketMode
from adapters.slack.threads import Threads
from bot.adapter import Away, Deliver, Finding, Limits, ReplyStream, Trouble
from bot.errors import AdapterError
from bot.events import Attachment, Conversation, Message, Reply
from bot.plugin import Command

logger = logging.getLogger(__name__)


class SlackAdapter:
    """A bot on Slack, by Socket Mode or, where `http` is set, by what Slack posts."""

    name = PLATFORM
    Settings = SlackSettings

    def __init__(self, settings: SlackSettings) -> None:
        self.limits = Limits(
            STREAM_LIMIT, settings.edit_seconds_direct, settings.edit_seconds_group, streaming=settings.streaming
        )
        self._settings = settings
        self._backoff = Backoff("Slack", settings.retry_seconds, settings.retry_seconds_most)
        self._api = Api(settings)
        self._directory = Directory(self._api)
        self._threads = Threads(self._api)
        self._sender = SlackSender(self._api, self._directory)
        self._invocations = ResponseUrls(self._api, self._sender)
        self._view = AgentView(self._api)
        self._seen = SeenReactions(self._api)
        self._streaming = Streaming()
        self._command_names: tuple[str, ...] = ()
        self._away: Away | None = None
        self._stack = AsyncExitStack()

    def offer(self, commands: Sequence[Command]) -> None:
        """Keep the commands: slash commands are told from the bot's own name by them."""
        self._command_names = tuple(name for command in commands for name in (command.name, *command.aliases))
        self._view.offer(commands)

    def was_away(self, away: Away) -> None:
        """Keep what may have been missed, for when Slack is connected."""
        self._away = away

    async def check(self) -> list[Finding]:
        """Look at tokens, scopes and the way in."""
        return await checks.check(self._settings)

    async def __aenter__(self) -> Self:
        """Connect; when Slack is out of reach `run` goes on trying. Raises AdapterError for a wrong token."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._api)
            try:
                await self._directory.identify()
            except TokenRefusedError:
                raise
            except AdapterError as error:
                logger.warning("Slack is out of reach: %s", error)
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
        """Deliver what arrives, until cancelled. Raises AdapterError when a token is refused."""
        backoff = self._backoff
        backoff.name_bot(self.name)
        await self._introduce(backoff)
        receiver = EventReceiver(SlackIncoming(self._api, self._directory, self._threads, self._settings), deliver)
        async with self._bolt_app(receiver, deliver) as bolt_app:
            await self._run_until_refused(self._receive(receiver, bolt_app, backoff))

    async def begin(self, message: Message) -> ReplyStream:
        """Start a reply, with the sign that the bot is thinking."""
        place = ChannelThread.of(message.conversation)
        asker = asker_of(message.event_id)
        if asker is not None:
            return CommandReply(self._invocations, place.channel, asker, message.event_id)
        self._note(place)
        if place.thread is None:
            return SlackEditedReply(self._sender, place, message.event_id)
        await self._view.name_chat(place, message.text)
        await self._view.think(place)
        recipient = (message.sender.id, self._directory.bot.team)
        return StreamedReply(self._sender, place, message.event_id, recipient=recipient, streaming=self._streaming)

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        """Send a whole reply; the answer to a slash command is for its asker, wherever else it may be seen."""
        place = ChannelThread.of(conversation)
        asker = asker_of(reply_to)
        if asker is not None and reply_to is not None:
            await self._invocations.answer(place.channel, asker, reply_to, reply)
            return ()
        self._note(place)
        return await self._sender.reply(place, reply, reply_to)

    async def send_privately(self, message: Message, reply: Reply) -> Literal["here"]:
        """Show a reply in a channel to the sender of a message alone."""
        await self._invocations.answer_alone(message, reply)
        return "here"

    async def acknowledge(self, message: Message) -> None:
        """React to a message with eyes; the answer to a slash command has no message to react to."""
        await self._seen.add(message.event_id)

    async def end_acknowledgement(self, message: Message) -> None:
        """Take the reaction back."""
        await self._seen.remove(message.event_id)

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment."""
        return files.fetch(self._api, self._settings.bot_token.get_secret_value(), attachment)

    def _bolt_app(self, receiver: EventReceiver, deliver: Deliver) -> BoltApp:
        slash = SlashReceiver(
            self._settings, self._directory, receiver=receiver, invocations=self._invocations, names=self._command_names
        )
        presses = PressHandler(self._api, self._directory, deliver)
        return BoltApp(
            self._settings, self._api, self._directory, receiver=receiver, slash=slash, presses=presses, view=self._view
        )

    async def _introduce(self, backoff: Backoff) -> None:
        """Learn who the bot is, as soon as Slack can be reached."""
        while True:
            try:
                await self._directory.identify()
            except TokenRefusedError:
                raise
            except AdapterError as error:
                await backoff.pause(str(error))
            else:
                backoff.reset()
                return

    async def _receive(self, receiver: EventReceiver, bolt_app: BoltApp, backoff: Backoff) -> None:
        if self._away is not None:
            await catch_up(self._api, receiver, self._away)
        http = self._settings.http
        if http is None:
            await SocketMode(self._api, bolt_app, backoff).receive()
        else:
            from adapters.slack.events_http import listen  # noqa: PLC0415 (its server is not needed for Socket Mode)

            await listen(bolt_app, http)

    async def _run_until_refused(self, receiving: Coroutine[Any, Any, None]) -> None:
        """Receive until the bot's token turns out to be revoked, which any call may tell."""
        tasks = [
            asyncio.create_task(receiving, name="slack receiving"),
            asyncio.create_task(self._api.on_refused.wait(), name="slack token"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if self._api.refused is not None:
            raise self._api.refused
        await tasks[0]

    def _note(self, place: ChannelThread) -> None:
        if place.thread is not None:
            self._threads.join(place.channel, place.thread)
