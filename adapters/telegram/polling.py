"""Receiving by long polling: an update counts as received only when the core has stored it."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import TelegramError

from adapters.telegram.backoff import Backoff
from adapters.telegram.client import Bot
from adapters.telegram.incoming import ALLOWED_UPDATES
from adapters.telegram.inlet import Inlet

NOT_STORED = "messages could not be stored"


async def poll(bot: Bot, inlet: Inlet, backoff: Backoff, seconds: int) -> None:
    """Receive until cancelled; each call may wait `seconds` for news.

    Telegram forgets an update when a later one is asked for, so the next call asks for the first one that is not
    stored. Raises AdapterError when the token is refused.
    """
    offset: int | None = None
    while True:
        try:
            updates = await bot.get_updates(
                offset=offset, timeout=timedelta(seconds=seconds), allowed_updates=ALLOWED_UPDATES
            )
        except TelegramError as error:
            await backoff.after(error)
            continue
        first_left = await inlet.take(updates)
        if first_left is not None:
            offset = first_left
            await backoff.pause(NOT_STORED)
            continue
        backoff.reset()
        offset = max((update.update_id + 1 for update in updates), default=offset)
