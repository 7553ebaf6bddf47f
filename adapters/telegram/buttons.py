"""Buttons under a question, and what happens when one is pressed (https://core.telegram.org/bots/api#callbackquery)."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import TelegramError

from adapters.telegram.client import Bot
from adapters.telegram.spans import TEXT_LIMIT
from bot.adapter import BackgroundTasks, Delivery, utf16_length
from bot.choices import data_of, labels, read_data, sentence_for
from bot.events import Choices

logger = logging.getLogger(__name__)

LABEL_CHARS = 60
"""Telegram takes longer labels, but its apps cut them."""
SHORT_CHARS = 12
MOST_IN_A_ROW = 3


def keyboard_of(choices: Choices) -> InlineKeyboardMarkup:
    """Return the buttons: short ones three in a row, others below each other."""
    buttons = [
        InlineKeyboardButton(label, callback_data=data_of(choices, number))
        for number, label in enumerate(labels(choices, LABEL_CHARS))
    ]
    row = MOST_IN_A_ROW if all(len(option) <= SHORT_CHARS for option in choices.options) else 1
    return InlineKeyboardMarkup([buttons[at : at + row] for at in range(0, len(buttons), row)])


class PressAnswers:
    """Tells who has pressed a button what became of it; entered, it owns the calls that do so."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._tasks = BackgroundTasks[None]()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tasks.close()

    def answer(self, query: CallbackQuery, delivery: Delivery) -> None:
        """Begin to tell, beside what arrives next."""
        self._tasks.start(self._tell(query, delivery), name=f"press {query.id}")

    async def _tell(self, query: CallbackQuery, delivery: Delivery) -> None:
        told = sentence_for(delivery)
        try:
            await self._bot.answer_callback_query(query.id, text=told, show_alert=told is not None)
            if delivery is Delivery.ACCEPTED:
                await self._show_chosen(query)
            elif delivery is Delivery.EXPIRED and isinstance(query.message, Message):
                await self._bot.edit_message_reply_markup(query.message.chat.id, query.message.message_id)
        except TelegramError as error:  # the press counts all the same
            logger.info("What became of a press on Telegram could not be shown: %s", error.message)

    async def _show_chosen(self, query: CallbackQuery) -> None:
        """Put what was chosen in the place of the buttons."""
        message, label = query.message, _label_of(query)
        if not isinstance(message, Message):  # Telegram tells nothing of one that is too old
            return
        if message.text is None or label is None:
            await self._bot.edit_message_reply_markup(message.chat.id, message.message_id)
            return
        text = f"{message.text}\n✓ {label}"
        if utf16_length(text) > TEXT_LIMIT:
            await self._bot.edit_message_reply_markup(message.chat.id, message.message_id)
        else:
            await self._bot.edit_message_text(text, message.chat.id, message.message_id, entities=message.entities)


def _label_of(query: CallbackQuery) -> str | None:
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    buttons = [button for row in markup.inline_keyboard for button in row] if markup is not None else []
    return next((button.text for button in buttons if button.callback_data == query.data), None)


def read_press(query: CallbackQuery) -> tuple[str, int] | None:
    """Return the question and the option that a button stands for; None when it is none of ours."""
    return read_data(query.data or "")
