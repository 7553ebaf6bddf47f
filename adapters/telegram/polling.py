"""Receiving by long polling: an update counts as received only when the core has stored it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from telegram.error import TelegramError

from adapters.telegram.backoff import TelegramBackoff
from adapters.telegram.client import Bot
from adapters.telegram.incoming import ALLOWED_UPDATES
from adapters.telegram.receiver import UpdateReceiver

NOT_STORED = "messages could not be stored"
LEAST_SECONDS = 0.1
"""Between two calls without news: a server that does not wait must not be asked without end."""


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
