"""Receiving by long polling: an update counts as received only when the core has stored it."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from telegram.error import Conflict, TelegramError

from adapters.telegram.backoff import TelegramBackoff
from adapters.telegram.client import Bot
from adapters.telegram.incoming import ALLOWED_UPDATES
from adapters.telegram.receiver import UpdateReceiver

logger = logging.getLogger(__name__)

NOT_STORED = "messages could not be stored"
LEAST_SECONDS = 0.1
"""Between two calls without news: a server that does not wait must not be asked without end."""


async def remove_webhook(bot: Bot) -> None:
    """Let Telegram keep what comes until it is asked for; what has come meanwhile is not lost.

    Nothing waits for it: where a webhook stands after all, the first question for messages says so.
    """
    try:
        await bot.delete_webhook()
    except TelegramError as error:
        logger.info("Telegram answers to deleteWebhook: %s", error.message)


async def poll(bot: Bot, receiver: UpdateReceiver, backoff: TelegramBackoff, seconds: int) -> None:
    """Receive until cancelled; each call may wait `seconds` for news.

    Telegram forgets an update when a later one is asked for, so the next call asks for the first one that is not
    stored. Raises AdapterError when the token is refused.
    """
    offset: int | None = None
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        try:
            updates = await bot.get_updates(
                offset=offset, timeout=timedelta(seconds=seconds), allowed_updates=ALLOWED_UPDATES
            )
        except TelegramError as error:
            if isinstance(error, Conflict) and "webhook" in error.message.lower():
                await remove_webhook(bot)
            await backoff.after(error)
            continue
        first_left = await receiver.take(updates)
        if first_left is not None:
            offset = first_left
            await backoff.pause(NOT_STORED)
            continue
        backoff.reset()
        offset = max((update.update_id + 1 for update in updates), default=offset)
        if not updates:
            await asyncio.sleep(begun + LEAST_SECONDS - loop.time())
