"""Receiving by webhook: Telegram posts each update, and posts it again unless it hears that it is stored."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from telegram import Update

from adapters.telegram.backoff import TelegramBackoff
from adapters.telegram.client import Bot
from adapters.telegram.incoming import ALLOWED_UPDATES
from adapters.telegram.receiver import UpdateReceiver
from adapters.telegram.settings import WebhookSettings
from bot.errors import AdapterError

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)
LARGEST_UPDATE = 1 << 20


async def listen(bot: Bot, receiver: UpdateReceiver, backoff: TelegramBackoff, settings: WebhookSettings) -> None:
    """Take what Telegram posts, until cancelled.

    Raises AdapterError when the port can't be had or the token is refused.
    """
    async with serving(bot, receiver, settings):
        await backoff.until_done(
            lambda: bot.set_webhook(
                settings.url, allowed_updates=ALLOWED_UPDATES, secret_token=settings.secret.get_secret_value()
            )
        )
        await asyncio.Event().wait()


@asynccontextmanager
async def serving(bot: Bot, receiver: UpdateReceiver, settings: WebhookSettings) -> AsyncIterator[None]:
    """Listen while the block runs."""
    app = web.Application(client_max_size=LARGEST_UPDATE)
    app.router.add_post(settings.path, _Hook(bot, receiver, settings).post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise AdapterError(
                f"the webhook can't listen at {where}: {error.strerror}; see adapters.telegram.webhook"
            ) from error
        yield
    finally:
        await runner.cleanup()


class _Hook:
    def __init__(self, bot: Bot, receiver: UpdateReceiver, settings: WebhookSettings) -> None:
        self._bot = bot
        self._receiver = receiver
        self._secret = settings.secret.get_secret_value().encode()

    async def post(self, request: web.Request) -> web.Response:
        """Take one update. What does not know the secret learns nothing, and what is not stored comes again."""
        sent = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(sent, self._secret):
            return web.Response(status=403)
        try:
            update = Update.de_json(json.loads(await request.read()), self._bot)
        except Exception:  # whatever the library stumbles over would come again and again
            logger.exception("An update that Telegram posted can't be read, and is passed over")
            return web.Response()
        return web.Response(status=200 if await self._receiver.take([update]) is None else 503)
