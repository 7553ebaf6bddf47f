"""Receiving by webhook: Telegram posts each update, and posts it again unless it hears that it is stored.

https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import asyncio
import hmac
from functools import partial

from aiohttp import web

from adapters.http_listener import listening
from adapters.telegram.backoff import TelegramBackoff
from adapters.telegram.client import Bot
from adapters.telegram.incoming import ALLOWED_UPDATES
from adapters.telegram.payloads import read_update
from adapters.telegram.receiver import UpdateReceiver
from adapters.telegram.settings import WebhookSettings

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)


async def listen(bot: Bot, receiver: UpdateReceiver, backoff: TelegramBackoff, settings: WebhookSettings) -> None:
    """Take what Telegram posts, until cancelled.

    Raises AdapterError when the port can't be had or the token is refused.
    """
    routes = [web.post(settings.path, partial(_take, bot, receiver, settings.secret.get_secret_value().encode()))]
    async with listening(settings.host, settings.port, routes, setting="adapters.telegram.webhook"):
        await backoff.until_done(
            lambda: bot.set_webhook(
                settings.url, allowed_updates=ALLOWED_UPDATES, secret_token=settings.secret.get_secret_value()
            )
        )
        await asyncio.Event().wait()


async def _take(bot: Bot, receiver: UpdateReceiver, secret: bytes, request: web.Request) -> web.Response:
    """Take one update. What does not know the secret learns nothing, and what is not stored comes again."""
    sent = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
    if not hmac.compare_digest(sent, secret):
        return web.Response(status=403)
    update = read_update(await request.read(), bot)
    return web.Response(status=200 if await receiver.take([update]) is None else 503)
