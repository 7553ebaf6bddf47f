"""WhatsApp as the core sees it: joins receiving, sending and what shows that the bot has seen a message."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Self

from adapters.typing_signs import TypingSigns
from adapters.whatsapp import checks, files
from adapters.whatsapp.api import GraphApi
from adapters.whatsapp.failures import RefusedError, TokenRefusedError
from adapters.whatsapp.layout import TEXT_LIMIT
from adapters.whatsapp.places import PLATFORM, Json, Recipient
from adapters.whatsapp.rate_limits import Pace
from adapters.whatsapp.receiver import MessageReceiver
from adapters.whatsapp.replies import WhatsAppReply, find_quoted
from adapters.whatsapp.sending import WhatsAppSender
from adapters.whatsapp.settings import WhatsAppSettings
from adapters.whatsapp.statuses import DeliveryStatuses
from adapters.whatsapp.webhook import listen
from adapters.whatsapp.window import ServiceWindows
from bot.adapter import BackgroundTasks, Deliver, Delivery, Finding, Limits, ReplyStream, utf16_length
from bot.choices import sentence_for
from bot.errors import AdapterError
from bot.events import Attachment, Choice, Conversation, Event, Message, Reply

logger = logging.getLogger(__name__)

TYPING_SECONDS = 20.0
"""WhatsApp shows for 25 that the bot is typing."""


class WhatsAppAdapter:
    """A bot with a number of its own on WhatsApp, by Meta's Cloud API."""

    name = PLATFORM
    Settings = WhatsAppSettings

    def __init__(self, settings: WhatsAppSettings) -> None:
        self.limits = Limits(TEXT_LIMIT, length=utf16_length, streaming=False)
        self._settings = settings
        self._api = GraphApi(settings)
        self._windows = ServiceWindows()
        self._statuses = DeliveryStatuses()
        self._sender = WhatsAppSender(
            self._api, Pace(settings), self._windows, self._statuses, status_seconds=settings.status_seconds
        )
        self._signs = TypingSigns(TYPING_SECONDS)
        self._tasks = BackgroundTasks[None]()
        self._stack = AsyncExitStack()

    async def check(self) -> list[Finding]:
        """Look at number, token and secret."""
        return await checks.check(self._settings)

    async def __aenter__(self) -> Self:
        """Connect; when WhatsApp is out of reach `run` goes on all the same. Raises AdapterError for a wrong token."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._api)
            await stack.enter_async_context(self._signs)
            await stack.enter_async_context(self._tasks)
            try:
                await self._api.get(self._api.number, fields="display_phone_number")
            except TokenRefusedError:
                raise
            except RefusedError as error:
                raise AdapterError(f"adapters.whatsapp.phone_number_id is not known: {error}") from None
            except AdapterError as error:
                logger.warning("WhatsApp is out of reach: %s", error)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Disconnect."""
        await self._stack.aclose()

    async def run(self, deliver: Deliver) -> None:
        """Deliver what is posted, until cancelled. Raises AdapterError when the port can't be had."""
        receiver = MessageReceiver(self._api.number, deliver, self._windows, self._statuses, self._show_taken)
        await listen(receiver, self._settings)

    async def begin(self, message: Message) -> ReplyStream:
        """Start a reply, with the sign that the bot is typing."""
        chat = Recipient.of(message.conversation)
        typing = {"typing_indicator": {"type": "text"}}
        sign = self._signs.show(chat, partial(self._mark_read, message.event_id, typing))
        return WhatsAppReply(self._sender, chat, message.event_id, sign)

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        """Send a whole reply; in groups as an answer to the message `reply_to`."""
        chat = Recipient.of(conversation)
        return await self._sender.reply(chat, reply, find_quoted(chat, reply, reply_to))

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment."""
        return files.fetch(self._api, attachment)

    def _show_taken(self, message: Json, event: Event, delivery: Delivery) -> None:
        """Show that a message is stored by the ticks of one that was read; tell who pressed what came to nothing."""
        if delivery is Delivery.ACCEPTED and self._settings.read_receipts and isinstance(event, Message | Choice):
            self._tasks.start(self._try_to_mark_read(str(message["id"])), name="read receipt")
        elif isinstance(event, Choice) and (told := sentence_for(delivery)) is not None:
            self._tasks.start(self._tell(event, told), name="press")

    async def _try_to_mark_read(self, message: str) -> None:
        try:
            await self._mark_read(message, {})
        except AdapterError as error:  # nobody misses the ticks
            logger.debug("A message can't be marked as read: %s", error)

    async def _mark_read(self, message: str, more: Json) -> None:
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": message, **more}
        await self._api.post(f"{self._api.number}/messages", body)

    async def _tell(self, press: Choice, sentence: str) -> None:
        try:
            await self._sender.reply(Recipient.of(press.conversation), Reply(sentence), None)
        except AdapterError as error:
            logger.info("What became of a press on WhatsApp could not be told: %s", error)
