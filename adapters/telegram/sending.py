"""The way out: replies part by part, through floods, outages and chats that are gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, MessageEntity, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut

from adapters.telegram.buttons import keyboard_of
from adapters.telegram.client import Bot, explain
from adapters.telegram.layout import parts_of
from adapters.telegram.places import ChatTopic, event_id
from adapters.telegram.rate_limits import GROWTH, Growth
from adapters.telegram.spans import Formatted
from bot.errors import AdapterError
from bot.events import OutFile, Reply

logger = logging.getLogger(__name__)

T = TypeVar("T")
Entities = Sequence[MessageEntity] | None
SendFile = Callable[..., Awaitable[Message]]

TRIES = 4
PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Pictures that Telegram shows, unless their sides are more than 10,000 together, or one is 20 times the other."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before anything reached the server; after any other one a message may have been sent."""


@dataclass(slots=True)
class TelegramReplyProgress:
    """What of a reply is in its chat: the message that has grown, the ids of what is finished, and how many files."""

    growing: int | None = None
    sent: list[int] = field(default_factory=list)
    files: int = 0


class TelegramSender:
    """Sends to chats. A reply that fails half-way goes on where it stopped when it is sent again."""

    def __init__(self, bot: Bot, *, retry_seconds: float = 1.0) -> None:
        self._bot = bot
        self._retry_seconds = retry_seconds
        self._unfinished: dict[tuple[ChatTopic, int | None, Reply], TelegramReplyProgress] = {}
        self._moved: dict[int, int] = {}

    async def reply(
        self, place: ChatTopic, reply: Reply, reply_to: int | None, growing: int | None = None
    ) -> tuple[str, ...]:
        """Send a whole reply, into the message `growing` where there is one; return its event ids.

        A chat that is gone for good (the bot is blocked or removed) gets nothing, and no ids. Raises AdapterError
        when trying again may help.
        """
        key = (place, reply_to, reply)
        progress = self._unfinished.setdefault(key, TelegramReplyProgress())
        progress.growing = growing or progress.growing
        try:
            await self._send_parts(place, reply, reply_to, progress)
            await self._send_files(place, reply, reply_to, progress)
        except InvalidToken as error:
            raise AdapterError(explain(error)) from None  # the error's own text may hold the token
        except (Forbidden, BadRequest) as error:
            logger.warning("Telegram refuses a reply to chat %d for good: %s", place.chat, error.message)
        except TelegramError as error:
            raise AdapterError(f"Telegram did not take a reply: {explain(error)}") from error
        del self._unfinished[key]
        return tuple(event_id(self._chat(place), message) for message in progress.sent if message)

    async def message(
        self,
        place: ChatTopic,
        part: Formatted,
        reply_to: int | None = None,
        growth: Growth | None = None,
        keyboard: InlineKeyboardMarkup | None = None,
    ) -> int:
        """Send one message and return its number, 0 where the server does not tell it.

        Raises telegram.error.TelegramError.
        """

        async def send(chat: int, entities: Entities) -> int:
            sent = await self._bot.send_message(
                chat,
                part.text,
                entities=entities,
                message_thread_id=place.topic,
                reply_parameters=_reply_parameters(reply_to if chat == place.chat else None),
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard,
                rate_limit_args=growth,
            )
            return sent.message_id

        return await self._call_formatted(place, part, send, tries=1 if growth else TRIES, repeatable=False)

    async def edit(
        self,
        place: ChatTopic,
        message: int,
        part: Formatted,
        growth: Growth | None = None,
        keyboard: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Change a message that was sent. Raises telegram.error.TelegramError."""

        async def edit(chat: int, entities: Entities) -> None:
            await self._bot.edit_message_text(
                part.text,
                chat,
                message,
                entities=entities,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard,
                rate_limit_args=growth,
            )

        try:
            await self._call_formatted(place, part, edit, tries=1 if growth else TRIES, repeatable=True)
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                raise

    async def draft(self, place: ChatTopic, number: int, part: Formatted) -> None:
        """Show a preview of a message in a direct chat. Raises telegram.error.TelegramError."""

        async def show(chat: int, entities: Entities) -> None:
            await self._bot.send_message_draft(
                chat, number, part.text, place.topic, entities=entities, rate_limit_args=GROWTH
            )

        await self._call_formatted(place, part, show, tries=1, repeatable=True)

    async def _send_parts(
        self, place: ChatTopic, reply: Reply, reply_to: int | None, progress: TelegramReplyProgress
    ) -> None:
        """Send what is left of the text; buttons stand under the last part."""
        parts = parts_of(reply)
        for number, part in enumerate(parts[len(progress.sent) :], start=len(progress.sent) + 1):
            keyboard = keyboard_of(reply.choices) if reply.choices and number == len(parts) else None
            message = await self._finish_growing(place, part, progress, keyboard)
            if message is None:
                message = await self.message(place, part, None if progress.sent else reply_to, keyboard=keyboard)
            progress.sent.append(message)

    async def _send_files(
        self, place: ChatTopic, reply: Reply, reply_to: int | None, progress: TelegramReplyProgress
    ) -> None:
        for file in reply.files[progress.files :]:
            answered = _reply_parameters(None if progress.sent else reply_to)
            progress.sent.append(await self._file(place, file, answered))
            progress.files += 1

    async def _file(self, place: ChatTopic, file: OutFile, answered: ReplyParameters | None) -> int:
        """Send a file as what it is; a picture that Telegram can't show, or a chat does not take, as a document."""
        if file.media_type in PHOTO_TYPES and not file.voice:
            try:
                return await self._file_by(self._bot.send_photo, place, file, answered)
            except BadRequest as error:
                logger.info("Telegram does not take %s as a photo: %s", file.name, error.message)
        call = self._bot.send_voice if file.voice else self._bot.send_document
        try:
            return await self._file_by(call, place, file, answered)
        except BadRequest as error:
            if not file.voice or "VOICE_MESSAGES_FORBIDDEN" not in error.message.upper():
                raise
            return await self._file_by(self._bot.send_document, place, file, answered)

    async def _file_by(self, call: SendFile, place: ChatTopic, file: OutFile, answered: ReplyParameters | None) -> int:
        async def send(chat: int) -> int:
            sent = await call(
                chat, file.data, filename=file.name, message_thread_id=place.topic, reply_parameters=answered
            )
            return sent.message_id

        return await self._call_persistently(place, send, TRIES, repeatable=False)

    async def _finish_growing(
        self, place: ChatTopic, part: Formatted, progress: TelegramReplyProgress, keyboard: InlineKeyboardMarkup | None
    ) -> int | None:
        """Finish the message that has grown; None when there is none, or none any more."""
        message = progress.growing
        if message is None:
            return None
        try:
            await self.edit(place, message, part, keyboard=keyboard)
        except (BadRequest, InvalidToken) as error:  # a server without edits answers as to a wrong token
            logger.info("The message %d can't be finished and is sent again: %s", message, explain(error))
            message = None
        progress.growing = None
        return message

    async def _call_formatted(
        self,
        place: ChatTopic,
        part: Formatted,
        call: Callable[[int, Entities], Awaitable[T]],
        *,
        tries: int,
        repeatable: bool,
    ) -> T:
        """Make a call with its formatting; without it where Telegram finds fault with that."""
        try:
            return await self._call_persistently(
                place, lambda chat: call(chat, part.entities or None), tries, repeatable
            )
        except BadRequest as error:
            if not part.spans or not ("entit" in error.message.lower() or "parse" in error.message.lower()):
                raise
            logger.warning("Telegram refuses the formatting of a reply, which goes without: %s", error.message)
            return await self._call_persistently(place, lambda chat: call(chat, None), tries, repeatable)

    async def _call_persistently(
        self,
        place: ChatTopic,
        call: Callable[[int], Awaitable[T]],
        tries: int,
        repeatable: bool,  # noqa: FBT001 (private)
    ) -> T:
        for number in range(tries):
            try:
                return await call(self._chat(place))
            except ChatMigrated as error:
                self._moved[place.chat] = error.new_chat_id
            except NetworkError as error:
                last = number + 1 == tries
                if isinstance(error, BadRequest) or last or not (repeatable or _surely_not_sent(error)):
                    raise
                await asyncio.sleep(self._retry_seconds * 2**number)
        return await call(self._chat(place))

    def _chat(self, place: ChatTopic) -> int:
        """Return a chat's id: it changes when a group becomes a supergroup."""
        return self._moved.get(place.chat, place.chat)


def _reply_parameters(message: int | None) -> ReplyParameters | None:
    return None if message is None else ReplyParameters(message, allow_sending_without_reply=True)


def _surely_not_sent(error: NetworkError) -> bool:
    if isinstance(error.__cause__, _NOT_SENT):
        return True
    return not isinstance(error, TimedOut) and "bad gateway" in error.message.lower()
