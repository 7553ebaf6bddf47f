"""Telegram as the core sees it: joins receiving, sending and growing replies."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Literal, Self

from telegram import BotCommand
from telegram.constants import ChatAction
from telegram.error import InvalidToken, TelegramError

from adapters.telegram import checks, files
from adapters.telegram.backoff import TelegramBackoff
from adapters.telegram.buttons import PressAnswers
from adapters.telegram.client import TOKEN_REFUSED, explain, introduce, make_bot
from adapters.telegram.incoming import TelegramIncoming
from adapters.telegram.places import PLATFORM, ChatTopic, message_id, message_in
from adapters.telegram.polling import poll, remove_webhook
from adapters.telegram.receiver import UpdateReceiver
from adapters.telegram.replies import DraftReply, TelegramEditedReply
from adapters.telegram.sending import TelegramSender
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.spans import TEXT_LIMIT
from adapters.typing_signs import TypingSigns
from bot.adapter import Deliver, Finding, Limits, ReplyStream, Trouble, utf16_length
from bot.errors import AdapterError
from bot.events import Attachment, Conversation, Message, Reply
from bot.plugin import Command

logger = logging.getLogger(__name__)

HELP_CHARS = 256
MOST_COMMANDS = 100
SEEN = "👀"
TYPING_SECONDS = 4.5
"""Telegram shows for five that the bot is writing."""
TELEGRAMS_OWN = frozenset({"start", "settings"})
"""What people expect of every bot beside /help (https://core.telegram.org/bots/features#global-commands)."""


class TelegramAdapter:
    """A bot on Telegram, by long polling or, where `webhook` is set, by webhook."""

    name = PLATFORM
    Settings = TelegramSettings

    def __init__(self, settings: TelegramSettings) -> None:
        self.limits = Limits(
            TEXT_LIMIT,
            settings.edit_seconds_direct,
            settings.edit_seconds_group,
            utf16_length,
            streaming=settings.streaming,
        )
        self._settings = settings
        self._backoff = TelegramBackoff(settings.retry_seconds, settings.retry_seconds_most)
        self._bot = make_bot(settings)
        self._sender = TelegramSender(self._bot, retry_seconds=settings.retry_seconds)
        self._signs = TypingSigns(TYPING_SECONDS)
        self._presses = PressAnswers(self._bot)
        self._commands: tuple[BotCommand, ...] = ()
        self._stack = AsyncExitStack()

    def offer(self, commands: Sequence[Command]) -> None:
        """Keep the commands for Telegram's menu."""
        shown = [
            (name, command)
            for command in commands
            for name in (command.name, *(alias for alias in command.aliases if alias in TELEGRAMS_OWN))
        ]
        self._commands = tuple(
            BotCommand(name, command.help[:HELP_CHARS] or name) for name, command in shown[:MOST_COMMANDS]
        )

    async def refresh(self) -> None:
        """Show the menu. Raises AdapterError when Telegram does not take it."""
        try:
            await self._bot.set_my_commands(self._commands)
        except TelegramError as error:
            raise AdapterError(f"Telegram answers to setMyCommands: {error.message}") from None

    async def check(self) -> list[Finding]:
        """Look at token, privacy mode and webhook."""
        return await checks.check(self._settings)

    @property
    def polls(self) -> bool:
        """Whether it asks Telegram for updates, which one process may do at a time."""
        return self._settings.webhook is None

    async def __aenter__(self) -> Self:
        """Connect; when Telegram is out of reach `run` goes on trying. Raises AdapterError for a wrong token."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._bot.shutdown)
            await stack.enter_async_context(self._signs)
            await stack.enter_async_context(self._presses)
            try:
                await introduce(self._bot)
            except InvalidToken:
                raise AdapterError(TOKEN_REFUSED) from None  # the error's own text holds the token
            except TelegramError as error:
                logger.warning("Telegram is out of reach: %s", explain(error))
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
        """Deliver what arrives, until cancelled. Raises AdapterError when the token is refused."""
        backoff = self._backoff
        backoff.name_bot(self.name)
        await backoff.until_done(partial(introduce, self._bot))
        me = self._bot.bot
        receiver = UpdateReceiver(TelegramIncoming(me.id, me.username or ""), deliver, self._presses)
        webhook = self._settings.webhook
        if webhook is None:
            await remove_webhook(self._bot)
            await poll(self._bot, receiver, backoff, self._settings.poll_seconds)
        else:
            from adapters.telegram.webhook import listen  # noqa: PLC0415 (its server is not needed for polling)

            await listen(self._bot, receiver, backoff, webhook)

    async def begin(self, message: Message) -> ReplyStream:
        """Start a reply, with the sign that the bot is writing."""
        place = ChatTopic.of(message.conversation)
        number = message_id(message.event_id)
        sign = self._signs.show(
            place, partial(self._bot.send_chat_action, place.chat, ChatAction.TYPING, message_thread_id=place.topic)
        )
        if place.direct:
            return DraftReply(self._sender, place, number, sign, self.limits.edit_seconds_direct)
        return TelegramEditedReply(self._sender, place, number, sign, self.limits.edit_seconds_group)

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        """Send a whole reply; in groups as an answer to the message `reply_to`."""
        place = ChatTopic.of(conversation)
        quotes = reply_to is not None and (reply.quoted or not place.direct)
        return await self._sender.reply(place, reply, message_in(place, str(reply_to)) if quotes else None)

    async def send_privately(self, message: Message, reply: Reply) -> Literal["direct"] | None:
        """Write to somebody directly; None where they have never written to the bot, or blocked it."""
        if not message.sender.id.isdecimal():  # who speaks as a group or a channel has no direct chat
            return None
        ids = await self._sender.reply(ChatTopic(int(message.sender.id), None, direct=True), reply, None)
        return "direct" if ids else None

    async def acknowledge(self, message: Message) -> None:
        """React to a message with eyes. Raises AdapterError where the chat allows no such reaction."""
        await self._react(message, SEEN)

    async def end_acknowledgement(self, message: Message) -> None:
        """Take the reaction back. Raises AdapterError."""
        await self._react(message, None)

    async def _react(self, message: Message, emoji: str | None) -> None:
        place = ChatTopic.of(message.conversation)
        try:
            await self._bot.set_message_reaction(place.chat, message_id(message.event_id), emoji)
        except TelegramError as error:
            raise AdapterError(f"Telegram answers to setMessageReaction: {explain(error)}") from None

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment."""
        return files.fetch(self._bot, attachment)
